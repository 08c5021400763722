#include "services/market_data/domain/chain_history.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <variant>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

bool IsSplit(const CorporateAction& action) { return std::holds_alternative<Split>(action.what); }

BarRequest RequestOf(const Instrument& instrument, const Stretch& sessions) {
  return {.symbol = instrument.symbol, .interval = Interval::kDay, .from = sessions.front(), .until = sessions.back()};
}

// The sessions of which there is no bar.
Stretch Without(const Stretch& sessions, const std::vector<Bar>& bars) {
  std::set<Timestamp> told;
  for (const Bar& bar : bars) told.insert(bar.time);
  Stretch rest;
  std::copy_if(sessions.begin(), sessions.end(), std::back_inserter(rest),
               [&](Timestamp day) { return !told.contains(day); });
  return rest;
}

}  // namespace

bool ChainHistory::Has(std::string_view provider) const {
  const std::vector<std::string> names = chain_.Names();
  return std::find(names.begin(), names.end(), provider) != names.end();
}

bool ChainHistory::Can(const Instrument& instrument) const { return chain_.AnyCan(Ability::kDailyBars, instrument); }

absl::StatusOr<FetchedBars> ChainHistory::Fetch(const FetchRequest& wanted, Instant deadline) {
  // Waiting would not help.
  if (!Can(wanted.instrument)) {
    return Error(Reason::kUNKNOWN_SYMBOL,
                 fmt::format("No provider of this installation has daily bars of {}.", wanted.instrument.symbol));
  }
  PT_ASSIGN_OR_RETURN(FetchedBars fetched, AskFirst(wanted, deadline));
  if (wanted.provider.empty()) AskForTheRest(wanted, deadline, fetched);
  return fetched;
}

absl::StatusOr<FetchedBars> ChainHistory::AskFirst(const FetchRequest& wanted, Instant deadline) {
  if (wanted.for_everything && wanted.provider.empty()) {
    // Half of the time: the other is for asking of this one alone.
    const Instant now = clock_.Steady();
    std::optional<SourcedBars> told = days_.Find(wanted.sessions, wanted.instrument, now + (deadline - now) / 2);
    if (told) return FetchedBars{.told = {*std::move(told)}};
  }
  PT_ASSIGN_OR_RETURN(ChainBars answer, chain_.Bars(RequestOf(wanted.instrument, wanted.sessions), wanted.instrument,
                                                    wanted.provider, deadline));
  return FetchedBars{.told = {{std::move(answer.source), std::move(answer.bars.bars)}},
                     .remark = Describe(answer.passed_over)};
}

void ChainHistory::AskForTheRest(const FetchRequest& wanted, Instant deadline, FetchedBars& fetched) {
  const SourcedBars& first = fetched.told.front();
  Stretch rest = Without(wanted.sessions, first.bars);
  std::string shares = fmt::format("{} has {} of these {} days", first.source, wanted.sessions.size() - rest.size(),
                                   wanted.sessions.size());
  std::string last = first.source;
  while (!rest.empty()) {
    auto answer = chain_.BarsBehind(last, RequestOf(wanted.instrument, rest), wanted.instrument, deadline);
    if (!answer.ok()) break;
    last = answer->source;
    std::vector<Bar>& bars = answer->bars.bars;
    std::erase_if(bars, [&](const Bar& bar) { return !std::binary_search(rest.begin(), rest.end(), bar.time); });
    if (bars.empty()) continue;
    const std::size_t lacked = rest.size();
    rest = Without(rest, bars);
    shares += fmt::format(", {} {} more", last, lacked - rest.size());
    fetched.told.push_back({.source = last, .bars = std::move(bars)});
  }
  if (fetched.told.size() == 1) return;
  fetched.remark += fmt::format("{}{}.", fetched.remark.empty() ? "" : " ", shares);
}

std::vector<CorporateAction> ChainSplits::Recorded(const std::string& symbol, Timestamp from, Timestamp until) {
  std::vector<CorporateAction> splits;
  const auto known = recorded_.List(symbol);
  if (!known.ok()) return splits;
  for (const KnownAction& each : *known) {
    const CorporateAction& action = each.action;
    if (IsSplit(action) && action.ex_date >= from && action.ex_date <= until) splits.push_back(action);
  }
  return splits;
}

std::vector<CorporateAction> ChainSplits::Asked(const Instrument& instrument, Timestamp from, Timestamp until,
                                                Instant deadline) {
  if (!chain_.AnyCan(Ability::kCorporateActions, instrument)) return {};
  absl::StatusOr<ChainActions> answer = chain_.Actions(instrument, from, until, "", deadline);
  if (!answer.ok()) return {};
  std::erase_if(answer->actions, [](const CorporateAction& action) { return !IsSplit(action); });
  return std::move(answer->actions);
}

}  // namespace papertape::market
