#include "services/market_data/clients/embedded_provider.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "libs/status/status.h"
#include "services/market_data/clients/market_files.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {

std::string EmbeddedProvider::FileOf(const std::string& symbol) const {
  return std::filesystem::path(directory_) / (symbol == kSp500Symbol ? "sp500-2000.csv" : symbol + ".csv");
}

bool EmbeddedProvider::Can(Ability ability, const Instrument& instrument) const {
  std::error_code error;
  return ability == Ability::kDailyBars && !directory_.empty() &&
         std::filesystem::is_regular_file(FileOf(instrument.symbol), error);
}

absl::StatusOr<ProvidedBars> EmbeddedProvider::Bars(const BarRequest& request, Instant /*deadline*/) {
  const std::scoped_lock lock(mutex_);
  auto known = read_.find(request.symbol);
  if (known == read_.end()) {
    absl::StatusOr<std::vector<Bar>> bars = ReadBarFile(FileOf(request.symbol));
    if (ReasonOf(bars.status()) == Reason::kNOT_FOUND) return ProviderKnowsNot(kEmbeddedProvider, request.symbol);
    if (!bars.ok()) return ProviderMalformed(kEmbeddedProvider, MessageOf(bars.status()));
    known = read_.emplace(request.symbol, *std::move(bars)).first;
  }
  ProvidedBars provided;
  for (const Bar& bar : known->second) {
    if (bar.time < request.from || bar.time > request.until) continue;
    provided.bars.push_back(bar);
    provided.bars.back().adjusted_close = bar.close;
  }
  return provided;
}

}  // namespace papertape::market
