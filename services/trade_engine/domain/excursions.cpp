#include "services/trade_engine/domain/excursions.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>
#include <tuple>
#include <utility>

#include "fmt/format.h"
#include "services/trade_engine/domain/execution.h"

namespace papertape::trade_engine {
namespace {

constexpr std::size_t kStepsToSpare = 16;

// Steps whose extreme the price reaches become one. `reaches(price)`: the new price is as extreme as that one.
template <class Reaches>
bool Push(std::vector<ExtremeStep>& steps, Price last, Reaches reaches) {
  if (steps.empty() || !reaches(steps.back().price) || steps.back().price == last) return false;
  while (steps.size() > 1 && reaches(steps[steps.size() - 2].price)) steps.pop_back();
  steps.back().price = last;
  return true;
}

// The step that covers the trade; null for one from before all steps.
const ExtremeStep* StepOf(const std::vector<ExtremeStep>& steps, const std::string& trade_id) {
  const auto after = std::upper_bound(steps.begin(), steps.end(), trade_id,
                                      [](const std::string& id, const auto& step) { return id < step.first_trade_id; });
  return after == steps.begin() ? nullptr : &*(after - 1);
}

// Drops the steps that cover no open trade any more, now and then.
void Tidy(std::vector<ExtremeStep>& steps, const std::set<std::string>& open) {
  if (open.empty()) return steps.clear();
  if (steps.size() <= 2 * open.size() + kStepsToSpare) return;
  std::vector<ExtremeStep> needed;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto covered = open.lower_bound(steps[i].first_trade_id);
    const bool is_last = i + 1 == steps.size();
    if (covered != open.end() && (is_last || *covered < steps[i + 1].first_trade_id)) needed.push_back(steps[i]);
  }
  steps = std::move(needed);
}

}  // namespace

void Excursions::Restore(const KeptExtremes& kept, const std::vector<Trade>& open,
                         const std::function<SymbolId(const std::string&)>& id_of) {
  ways_.clear();
  changed_.clear();
  to_come_.clear();
  newest_trade_id_ = kept.newest_trade_id;
  gap_trade_id_ = kept.gap_trade_id;
  for (const SymbolExtremes& extremes : kept.symbols) {
    WaysOf(id_of(extremes.symbol), extremes.symbol).extremes = extremes;
  }
  for (const Trade& trade : open) {
    const SymbolId symbol = id_of(trade.symbol);
    Ways& ways = WaysOf(symbol, trade.symbol);
    const bool counted = trade.trade_id <= newest_trade_id_ && StepOf(ways.extremes.highs, trade.trade_id) != nullptr;
    if (counted) {
      ways.open.insert(trade.trade_id);
    } else {
      to_come_.emplace_back(symbol, trade);
    }
  }
}

void Excursions::CountAgain(SymbolId symbol, const Quote& quote) {
  const auto comes = [&](const auto& trade) { return trade.first == symbol && trade.second.quote_time <= quote.time; };
  for (const auto& trade : to_come_) {
    if (comes(trade)) Opened(symbol, trade.second, quote.last);
  }
  std::erase_if(to_come_, comes);
  See(symbol, quote.last);
}

void Excursions::Begin(bool gap) {
  for (const auto& [symbol, trade] : std::exchange(to_come_, {})) Opened(symbol, trade, trade.entry_price);
  if (gap) gap_trade_id_ = newest_trade_id_;
  for (SymbolId symbol = 0; symbol < ways_.size(); ++symbol) {
    SymbolExtremes& extremes = ways_[symbol].extremes;
    if (!ways_[symbol].open.empty() || extremes.highs.empty()) continue;
    extremes.highs.clear();
    extremes.lows.clear();
    Changed(symbol);
  }
}

Excursions::Ways& Excursions::WaysOf(SymbolId symbol, const std::string& name) {
  if (symbol >= ways_.size()) ways_.resize(symbol + 1);
  ways_[symbol].extremes.symbol = name;
  return ways_[symbol];
}

void Excursions::Opened(SymbolId symbol, const Trade& trade, Price last) {
  Ways& ways = WaysOf(symbol, trade.symbol);
  See(symbol, last);
  for (auto* steps : {&ways.extremes.highs, &ways.extremes.lows}) {
    // Where the newest step has just come to this price, the trade shares it.
    if (steps->empty() || steps->back().price != last) steps->push_back({trade.trade_id, last});
  }
  ways.open.insert(trade.trade_id);
  newest_trade_id_ = std::max(newest_trade_id_, trade.trade_id);
  Changed(symbol);
}

void Excursions::Count(SymbolId symbol, Price last) {
  SymbolExtremes& extremes = ways_[symbol].extremes;
  const bool higher = Push(extremes.highs, last, [last](Price price) { return price <= last; });
  const bool lower = Push(extremes.lows, last, [last](Price price) { return price >= last; });
  if (higher || lower) Changed(symbol);
}

void Excursions::Changed(SymbolId symbol) {
  if (!std::exchange(ways_[symbol].changed, true)) changed_.push_back(symbol);
}

Excursion Excursions::Closed(SymbolId symbol, const Trade& trade, Price exit_price) {
  Excursion excursion{.gap = trade.trade_id <= gap_trade_id_};
  Ways& ways = WaysOf(symbol, trade.symbol);
  const auto count = [&](Price price) {
    const Money profit = ProfitBetween(trade.side, trade.entry_price, price, trade.quantity).value_or(Money());
    excursion.adverse = std::min(excursion.adverse, profit);
    excursion.favorable = std::max(excursion.favorable, profit);
  };
  count(exit_price);
  for (auto* steps : {&ways.extremes.highs, &ways.extremes.lows}) {
    if (const ExtremeStep* step = StepOf(*steps, trade.trade_id)) count(step->price);
  }
  // One that leaves before its way was counted again.
  const auto leaves = [&](const auto& waiting) { return waiting.second.trade_id == trade.trade_id; };
  if (std::erase_if(to_come_, leaves) > 0) excursion.gap = true;
  ways.open.erase(trade.trade_id);
  for (auto* steps : {&ways.extremes.highs, &ways.extremes.lows}) Tidy(*steps, ways.open);
  Changed(symbol);
  return excursion;
}

void Excursions::Scale(SymbolId symbol, std::int64_t numerator, std::int64_t denominator) {
  if (symbol >= ways_.size() || numerator <= 0 || denominator <= 0) return;
  SymbolExtremes& extremes = ways_[symbol].extremes;
  for (auto* steps : {&extremes.highs, &extremes.lows}) {
    for (ExtremeStep& step : *steps) {
      const auto scaled = MulDiv(step.price.micros(), numerator, denominator, Rounding::kHalfEven);
      if (scaled.ok()) step.price = Price::FromMicros(*scaled);
    }
  }
  Changed(symbol);
}

ExtremesChange Excursions::TakeChange() {
  ExtremesChange change{.newest_trade_id = newest_trade_id_, .gap_trade_id = gap_trade_id_};
  for (const SymbolId symbol : std::exchange(changed_, {})) {
    ways_[symbol].changed = false;
    change.symbols.push_back(ways_[symbol].extremes);
  }
  return change;
}

std::string JustBefore(const std::string& entry) {
  const std::size_t dash = entry.find('-');
  std::uint64_t time = 0, number = 0;
  std::from_chars(entry.data(), entry.data() + std::min(dash, entry.size()), time);
  if (dash != std::string::npos) std::from_chars(entry.data() + dash + 1, entry.data() + entry.size(), number);
  if (number > 0) return fmt::format("{}-{}", time, number - 1);
  return time > 0 ? fmt::format("{}-{}", time - 1, std::numeric_limits<std::uint64_t>::max()) : "0-0";
}

bool IsAfter(const std::string& a, const std::string& b) {
  // "<milliseconds>-<number>": of two numbers without leading zeros the longer one is the larger.
  const auto parts = [](std::string_view id) {
    const std::size_t dash = std::min(id.find('-'), id.size());
    const std::string_view time = id.substr(0, dash);
    const std::string_view number = id.substr(std::min(dash + 1, id.size()));
    return std::tuple(time.size(), time, number.size(), number);
  };
  return parts(a) > parts(b);
}

}  // namespace papertape::trade_engine
