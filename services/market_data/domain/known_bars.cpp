#include "services/market_data/domain/known_bars.h"

#include <algorithm>
#include <chrono>

#include "libs/calendar/calendar.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

using std::chrono::days;

// The latest day whose trading is over.
std::optional<Timestamp> LastDay(std::string_view exchange, Timestamp now) {
  const Timestamp today = std::chrono::floor<days>(now);
  const calendar::Calendar* const calendar = calendar::FindCalendar(exchange);
  if (calendar == nullptr) return today - days(1);
  const calendar::Date date = calendar->DateAt(now);
  const std::optional<calendar::Session> session = calendar->SessionOn(date);
  if (session && session->close <= now) return Timestamp(date.time_since_epoch());
  const std::optional<calendar::Date> before = calendar->PreviousTradingDay(date);
  return before ? std::optional<Timestamp>(before->time_since_epoch()) : std::nullopt;
}

Timestamp MondayOf(Timestamp day) {
  const auto date = std::chrono::floor<days>(day);
  return date - (std::chrono::weekday(date) - std::chrono::Monday);
}

// The Monday of the latest week with no trading left in it.
std::optional<Timestamp> LastWeek(std::string_view exchange, Timestamp now) {
  const std::optional<Timestamp> last = LastDay(exchange, now);
  if (!last) return std::nullopt;
  const Timestamp monday = MondayOf(*last);
  Timestamp next = *last + days(1);
  if (const calendar::Calendar* const calendar = calendar::FindCalendar(exchange)) {
    const auto date = calendar->NextTradingDay(calendar::Date(std::chrono::floor<days>(*last).time_since_epoch()));
    if (date) next = Timestamp(date->time_since_epoch());
  }
  return MondayOf(next) > monday ? monday : monday - days(7);
}

}  // namespace

std::optional<Timestamp> LastOver(Interval interval, std::string_view exchange, Timestamp now) {
  if (interval == Interval::kDay) return LastDay(exchange, now);
  if (interval == Interval::kWeek) return LastWeek(exchange, now);
  const std::chrono::seconds length = LengthOf(interval);
  return Timestamp(now.time_since_epoch() / length * length) - length;
}

void KnownBars::Admit(const std::vector<Instrument>& instruments) {
  for (const Instrument& instrument : instruments) exchanges_.emplace(instrument.symbol, instrument.exchange);
}

std::string_view KnownBars::ExchangeOf(const std::string& symbol) const {
  const auto exchange = exchanges_.find(symbol);
  return exchange == exchanges_.end() ? std::string_view() : std::string_view(exchange->second);
}

absl::StatusOr<BarPage> KnownBars::List(const BarQuery& query) {
  const MarketMoment moment = book_.moment();
  if (!moment.clock) return bars_.List(query);
  BarQuery known = query;
  const std::optional<Timestamp> last = LastOver(query.interval, ExchangeOf(query.symbol), *moment.clock);
  if (!last) return BarPage();
  known.until = std::min(query.until.value_or(*last), *last);
  if (query.from && *query.from > *known.until) return BarPage();
  known.as_of = std::min(query.as_of.value_or(*moment.clock), *moment.clock);
  return bars_.List(known);
}

}  // namespace papertape::market
