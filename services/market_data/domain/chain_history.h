// Ingestion's bars, and the splits that explain them, come from the chain of providers. Thread-safe.
#pragma once

#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/provider_chain.h"
#include "services/market_data/domain/whole_days.h"

namespace papertape::market {

class ChainHistory final : public BarHistory {
 public:
  ChainHistory(ProviderChain& chain, const Clock& clock) : chain_(chain), clock_(clock), days_(chain, clock) {}
  [[nodiscard]] bool Has(std::string_view provider) const override;
  [[nodiscard]] bool Can(const Instrument& instrument) const override;
  // Who has only some of the days is asked for these, and those behind it for the rest.
  absl::StatusOr<FetchedBars> Fetch(const FetchRequest& wanted, Instant deadline) override;

 private:
  absl::StatusOr<FetchedBars> AskFirst(const FetchRequest& wanted, Instant deadline);
  // Plans reach back differently far, and days differ: those behind the one that has not all of them may have the rest.
  void AskForTheRest(const FetchRequest& wanted, Instant deadline, FetchedBars& fetched);

  ProviderChain& chain_;
  const Clock& clock_;
  WholeDays days_;
};

class ChainSplits final : public SplitHistory {
 public:
  ChainSplits(ProviderChain& chain, ActionStore& recorded) : chain_(chain), recorded_(recorded) {}
  std::vector<CorporateAction> Recorded(const std::string& symbol, Timestamp from, Timestamp until) override;
  std::vector<CorporateAction> Asked(const Instrument& instrument, Timestamp from, Timestamp until,
                                     Instant deadline) override;

 private:
  ProviderChain& chain_;
  ActionStore& recorded_;
};

}  // namespace papertape::market
