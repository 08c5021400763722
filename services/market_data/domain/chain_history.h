// Ingestion's bars, and the splits that explain them, come from the chain of providers. Thread-safe.
#pragma once

#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/provider_chain.h"

namespace papertape::market {

class ChainHistory final : public BarHistory {
 public:
  explicit ChainHistory(ProviderChain& chain) : chain_(chain) {}
  [[nodiscard]] bool Has(std::string_view provider) const override;
  [[nodiscard]] bool Can(const Instrument& instrument) const override;
  absl::StatusOr<FetchedBars> Fetch(const BarRequest& request, const Instrument& instrument, std::string_view preferred,
                                    Instant deadline) override;

 private:
  // Plans reach back differently far: those behind the one that has no bars may have some.
  void AskBehind(const BarRequest& request, const Instrument& instrument, Instant deadline, FetchedBars& fetched);

  ProviderChain& chain_;
};

class ChainSplits final : public SplitHistory {
 public:
  explicit ChainSplits(ProviderChain& chain) : chain_(chain) {}
  std::vector<CorporateAction> Splits(const Instrument& instrument, Timestamp from, Timestamp until,
                                      Instant deadline) override;

 private:
  ProviderChain& chain_;
};

}  // namespace papertape::market
