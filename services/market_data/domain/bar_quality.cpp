#include "services/market_data/domain/bar_quality.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fmt/format.h"
#include "libs/calendar/calendar.h"

namespace papertape::market {
namespace {

struct Doubt {
  Suspicion suspicion;
  std::string detail;
};

std::optional<Doubt> Incoherence(const Bar& bar) {
  const auto lowest = std::min({bar.open, bar.close, bar.low, bar.high});
  if (lowest.micros() <= 0) return Doubt{Suspicion::kNonPositive, fmt::format("a price of {}", Format(lowest))};
  if (bar.low > bar.high) {
    return Doubt{Suspicion::kIncoherent, fmt::format("low {} is above high {}", Format(bar.low), Format(bar.high))};
  }
  for (const auto& [name, price] : {std::pair("open", bar.open), std::pair("close", bar.close)}) {
    if (price >= bar.low && price <= bar.high) continue;
    return Doubt{Suspicion::kIncoherent,
                 fmt::format("{} {} is outside {} to {}", name, Format(price), Format(bar.low), Format(bar.high))};
  }
  if (bar.volume < 0) return Doubt{Suspicion::kIncoherent, fmt::format("a volume of {}", bar.volume)};
  return std::nullopt;
}

// Walks the bars in the order in which they were said.
class Checker {
 public:
  Checker(const SaidBars& said, const QualityRules& rules)
      : said_(said), rules_(rules), calendar_(calendar::FindCalendar(said.exchange)), good_(said.before) {}

  std::optional<Doubt> Check(const Bar& bar) {
    // In the order of Suspicion.
    std::optional<Doubt> doubt = Incoherence(bar);
    if (!doubt) doubt = WrongTime(bar);
    if (!doubt) doubt = Jump(bar);
    if (!doubt) {
      good_ = bar;
      has_jumped_ = false;
    }
    return doubt;
  }

 private:
  std::optional<Doubt> WrongTime(const Bar& bar) const {
    if (bar.time > rules_.now) {
      return Doubt{Suspicion::kFromTheFuture, fmt::format("begins after {}", FormatRfc3339(rules_.now))};
    }
    if (good_ && bar.time <= good_->time) {
      return Doubt{Suspicion::kOutOfOrder,
                   fmt::format("{} the bar before it", bar.time == good_->time ? "has the time of" : "is older than")};
    }
    return IsDated(said_.interval) ? WrongDay(bar) : std::nullopt;
  }

  [[nodiscard]] std::optional<Doubt> WrongDay(const Bar& bar) const {
    const auto day = std::chrono::floor<std::chrono::days>(bar.time);
    if (bar.time != day) return Doubt{Suspicion::kMalformed, "a bar of a day that does not begin at midnight UTC"};
    if (calendar_ == nullptr || said_.interval != Interval::kDay) return std::nullopt;
    const calendar::Date date(day.time_since_epoch());
    const calendar::Record* const record = calendar_->RecordOf(date);
    if (record == nullptr || !record->confirmed || calendar_->TradingDays(date, date) > 0) return std::nullopt;
    return Doubt{Suspicion::kNoSession, fmt::format("{} did not trade on {}", calendar_->code(), FormatDate(bar.time))};
  }

  std::optional<Doubt> Jump(const Bar& bar) {
    if (!good_ || IsNear(*good_, bar) || (has_jumped_ && IsNear(jumped_, bar))) return std::nullopt;
    jumped_ = bar;
    has_jumped_ = true;
    return Doubt{Suspicion::kJump,
                 fmt::format("close {} is {:+.1f} % from {} on {}", Format(bar.close), 100 * Change(*good_, bar),
                             Format(good_->close), FormatRfc3339(good_->time))};
  }

  [[nodiscard]] bool IsNear(const Bar& from, const Bar& to) const {
    return std::abs(Change(from, to)) * 100 <= rules_.largest_jump_pct;
  }

  // Of the close, relative, beside what the splits between the two did.
  [[nodiscard]] double Change(const Bar& from, const Bar& to) const {
    auto before = static_cast<double>(from.close.micros());
    for (const CorporateAction& action : said_.splits) {
      const auto* const split = std::get_if<Split>(&action.what);
      if (split == nullptr || action.ex_date <= from.time || action.ex_date > to.time) continue;
      before *= static_cast<double>(split->denominator.micros()) / static_cast<double>(split->numerator.micros());
    }
    return static_cast<double>(to.close.micros()) / before - 1;
  }

  const SaidBars& said_;
  const QualityRules& rules_;
  const calendar::Calendar* const calendar_;
  std::optional<Bar> good_;  // the last that passed
  Bar jumped_;               // the last that jumped, until one passes
  bool has_jumped_ = false;
};

}  // namespace

CheckedBars CheckBars(const SaidBars& said, const QualityRules& rules) {
  CheckedBars checked;
  checked.good.reserve(said.bars.size());
  Checker checker(said, rules);
  for (const Bar& bar : said.bars) {
    std::optional<Doubt> doubt = checker.Check(bar);
    if (!doubt) {
      checked.good.push_back(bar);
      continue;
    }
    checked.suspects.push_back({.symbol = said.symbol,
                                .span = std::string(IntervalName(said.interval)),
                                .source = said.source,
                                .time = bar.time,
                                .suspicion = doubt->suspicion,
                                .detail = std::move(doubt->detail),
                                .content = ContentOf(bar)});
  }
  return checked;
}

CheckedBars CheckBars(SaidBars said, const QualityRules& rules,
                      const std::function<std::vector<CorporateAction>()>& splits) {
  CheckedBars checked = CheckBars(said, rules);
  const bool jumps = std::any_of(checked.suspects.begin(), checked.suspects.end(),
                                 [](const Suspect& suspect) { return suspect.suspicion == Suspicion::kJump; });
  if (!jumps) return checked;
  said.splits = splits();
  return said.splits.empty() ? checked : CheckBars(said, rules);
}

std::string ContentOf(const Bar& bar) {
  return fmt::format(R"({{"time":"{}","open":{},"high":{},"low":{},"close":{},"volume":{}}})", FormatRfc3339(bar.time),
                     Format(bar.open), Format(bar.high), Format(bar.low), Format(bar.close), bar.volume);
}

}  // namespace papertape::market
