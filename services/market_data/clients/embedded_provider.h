// The recorded files as the provider `embedded`, at the end of the chain: daily bars of `^GSPC` from `sp500-2000.csv`,
// and of any other symbol from a file of its name, `AAPL.csv`. A file is read when it is first asked for. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/market_data/domain/provider.h"

namespace papertape::market {

inline constexpr char kEmbeddedProvider[] = "embedded";

class EmbeddedProvider final : public Provider {
 public:
  // Empty: there are no files.
  explicit EmbeddedProvider(std::string directory) : directory_(std::move(directory)) {}
  [[nodiscard]] std::string_view name() const override { return kEmbeddedProvider; }
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override;
  // Needs no time worth a deadline.
  absl::StatusOr<ProvidedBars> Bars(const BarRequest& request, Instant deadline) override;

 private:
  [[nodiscard]] std::string FileOf(const std::string& symbol) const;

  const std::string directory_;
  std::mutex mutex_;
  std::map<std::string, std::vector<Bar>> read_;  // by symbol
};

}  // namespace papertape::market
