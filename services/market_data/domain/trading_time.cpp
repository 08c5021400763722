#include "services/market_data/domain/trading_time.h"

#include <algorithm>
#include <iterator>

namespace papertape::market {

using calendar::Span;
using std::chrono::microseconds;

std::vector<Span> HoursOn(std::string_view exchange, Timestamp day) {
  const calendar::Calendar* const calendar = calendar::FindCalendar(exchange);
  if (calendar == nullptr) return {{.begin = day, .end = day + std::chrono::days(1)}};
  const calendar::Date date(std::chrono::floor<std::chrono::days>(day).time_since_epoch());
  const std::optional<calendar::Session> session = calendar->SessionOn(date);
  if (!session) return {};
  if (!session->pause) return {{.begin = session->open, .end = session->close}};
  return {{.begin = session->open, .end = session->pause->begin},
          {.begin = session->pause->end, .end = session->close}};
}

TradingTime::TradingTime(std::vector<Span> stretches) {
  std::sort(stretches.begin(), stretches.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  for (const Span& stretch : stretches) {
    if (!stretches_.empty() && stretch.begin <= stretches_.back().end) {
      stretches_.back().end = std::max(stretches_.back().end, stretch.end);
    } else {
      stretches_.push_back(stretch);
    }
  }
  before_.reserve(stretches_.size());
  for (const Span& stretch : stretches_) {
    before_.push_back(total_);
    total_ += stretch.end - stretch.begin;
  }
}

TradingTime TradingTime::Of(const std::vector<std::string_view>& exchanges, Timestamp first, Timestamp last) {
  std::vector<Span> stretches;
  for (const std::string_view exchange : exchanges) {
    for (Timestamp day = first; day <= last; day += std::chrono::days(1)) {
      const std::vector<Span> hours = HoursOn(exchange, day);
      stretches.insert(stretches.end(), hours.begin(), hours.end());
    }
  }
  return TradingTime(std::move(stretches));
}

microseconds TradingTime::Before(Timestamp time) const {
  const auto next = std::upper_bound(stretches_.begin(), stretches_.end(), time,
                                     [](Timestamp moment, const Span& stretch) { return moment < stretch.begin; });
  if (next == stretches_.begin()) return microseconds(0);
  const auto at = std::prev(next);
  const microseconds before = before_[static_cast<std::size_t>(at - stretches_.begin())];
  return before + (std::min(time, at->end) - at->begin);
}

Timestamp TradingTime::After(microseconds trading) const {
  if (trading >= total_) return end();
  const auto next = std::upper_bound(before_.begin(), before_.end(), std::max(trading, microseconds(0)));
  const auto at = static_cast<std::size_t>(std::prev(next) - before_.begin());
  return stretches_[at].begin + (std::max(trading, microseconds(0)) - before_[at]);
}

Timestamp TradingTime::OpenAtOrAfter(Timestamp time) const {
  const auto at =
      std::find_if(stretches_.begin(), stretches_.end(), [&](const Span& stretch) { return time < stretch.end; });
  return at == stretches_.end() ? end() : std::max(time, at->begin);
}

}  // namespace papertape::market
