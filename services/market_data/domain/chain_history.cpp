#include "services/market_data/domain/chain_history.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {

bool ChainHistory::Has(std::string_view provider) const {
  const std::vector<std::string> names = chain_.Names();
  return std::find(names.begin(), names.end(), provider) != names.end();
}

bool ChainHistory::Can(const Instrument& instrument) const { return chain_.AnyCan(Ability::kDailyBars, instrument); }

absl::StatusOr<FetchedBars> ChainHistory::Fetch(const BarRequest& request, const Instrument& instrument,
                                                std::string_view preferred, Instant deadline) {
  // Waiting would not help.
  if (!Can(instrument)) {
    return Error(Reason::kUNKNOWN_SYMBOL,
                 fmt::format("No provider of this installation has daily bars of {}.", instrument.symbol));
  }
  PT_ASSIGN_OR_RETURN(ChainBars answer, chain_.Bars(request, instrument, preferred, deadline));
  FetchedBars fetched{
      .bars = std::move(answer.bars.bars), .source = std::move(answer.source), .remark = Describe(answer.passed_over)};
  if (fetched.bars.empty() && preferred.empty()) AskBehind(request, instrument, deadline, fetched);
  return fetched;
}

void ChainHistory::AskBehind(const BarRequest& request, const Instrument& instrument, Instant deadline,
                             FetchedBars& fetched) {
  const std::vector<std::string> names = chain_.Names();
  const std::string first = fetched.source;
  auto name = std::find(names.begin(), names.end(), first);
  while (name != names.end() && ++name != names.end()) {
    absl::StatusOr<ChainBars> answer = chain_.Bars(request, instrument, *name, deadline);
    if (!answer.ok() || answer->bars.bars.empty()) continue;
    fetched.bars = std::move(answer->bars.bars);
    fetched.source = *name;
    fetched.remark += fmt::format("{}{} has no bars of these days.", fetched.remark.empty() ? "" : " ", first);
    return;
  }
}

std::vector<CorporateAction> ChainSplits::Splits(const Instrument& instrument, Timestamp from, Timestamp until,
                                                 Instant deadline) {
  if (!chain_.AnyCan(Ability::kCorporateActions, instrument)) return {};
  absl::StatusOr<ChainActions> answer = chain_.Actions(instrument, from, until, "", deadline);
  if (!answer.ok()) return {};
  std::erase_if(answer->actions,
                [](const CorporateAction& action) { return !std::holds_alternative<Split>(action.what); });
  return std::move(answer->actions);
}

}  // namespace papertape::market
