#include "services/market_data/domain/whole_days.h"

#include <utility>

namespace papertape::market {

std::optional<SourcedBars> WholeDays::Find(const Stretch& days, const Instrument& instrument, Instant deadline) {
  if (days.size() > kMostDays || !chain_.TellsWholeDays(instrument)) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  SourcedBars found;
  for (const Timestamp day : days) {
    const Day& whole = Get(day, instrument, deadline);
    const auto bar = whole.bars.find(instrument.symbol);
    if (bar == whole.bars.end()) return std::nullopt;
    found.bars.push_back(bar->second);
    found.source = whole.source;
  }
  return found;
}

const WholeDays::Day& WholeDays::Get(Timestamp day, const Instrument& instrument, Instant deadline) {
  const Instant now = clock_.Steady();
  std::erase_if(days_, [now](const auto& kept) { return kept.second.forgotten_at <= now; });
  const auto [kept, is_new] = days_.try_emplace(day);
  if (!is_new) return kept->second;
  auto answer = chain_.WholeDay(instrument, day, deadline);
  Day& whole = kept->second;
  const bool any = answer.ok() && !answer->bars.empty();
  whole.forgotten_at = clock_.Steady() + (any ? kKeptFor : kFailureKeptFor);
  if (!any) return whole;
  whole.source = std::move(answer->source);
  for (auto& [symbol, bar] : answer->bars) whole.bars.insert_or_assign(std::move(symbol), bar);
  return whole;
}

}  // namespace papertape::market
