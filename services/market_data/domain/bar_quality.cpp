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
    return doubt;
  }

  // Goes on from `bar`, which is good. The bar before it that jumped, if `bar` confirms that.
  std::optional<Bar> Pass(const Bar& bar) {
    const std::optional<Bar> lasted = Confirms(bar) ? jumped_ : std::nullopt;
    jumped_.reset();
    good_ = bar;
    return lasted;
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
    if (!good_ || IsNear(*good_, bar) || Confirms(bar)) return std::nullopt;
    jumped_ = bar;
    return Doubt{Suspicion::kJump,
                 fmt::format("close {} is {:+.1f} % from {} on {}", Format(bar.close), 100 * Change(*good_, bar),
                             Format(good_->close), FormatRfc3339(good_->time))};
  }

  // Whether it stands where the jump went, and not where it came from.
  [[nodiscard]] bool Confirms(const Bar& next) const {
    return jumped_ && next.time > jumped_->time && IsNear(*jumped_, next) &&
           std::abs(Change(*jumped_, next)) < std::abs(Change(*good_, next));
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
  std::optional<Bar> good_;    // the last that passed
  std::optional<Bar> jumped_;  // the last that jumped, until one passes
};

}  // namespace

namespace {

Suspect SuspectOf(const SaidBars& said, const Bar& bar, Doubt doubt) {
  return {.symbol = said.symbol,
          .span = std::string(IntervalName(said.interval)),
          .source = said.source,
          .time = bar.time,
          .suspicion = doubt.suspicion,
          .detail = std::move(doubt.detail),
          .content = ContentOf(bar)};
}

// The newest suspect that jumped at that time is none.
void Acquit(const Bar& bar, CheckedBars& checked) {
  const auto jump = std::find_if(checked.suspects.rbegin(), checked.suspects.rend(), [&](const Suspect& suspect) {
    return suspect.suspicion == Suspicion::kJump && suspect.time == bar.time;
  });
  checked.acquitted.push_back(std::move(*jump));
  checked.suspects.erase(std::next(jump).base());
  checked.good.push_back(bar);
}

bool AnyJump(const CheckedBars& checked) {
  return !checked.acquitted.empty() || std::any_of(checked.suspects.begin(), checked.suspects.end(),
                                                   [](const auto& s) { return s.suspicion == Suspicion::kJump; });
}

}  // namespace

CheckedBars CheckBars(const SaidBars& said, const QualityRules& rules) {
  CheckedBars checked;
  checked.good.reserve(said.bars.size());
  Checker checker(said, rules);
  for (const Bar& bar : said.bars) {
    if (std::optional<Doubt> doubt = checker.Check(bar)) {
      checked.suspects.push_back(SuspectOf(said, bar, *std::move(doubt)));
      continue;
    }
    if (const auto jumped = checker.Pass(bar)) Acquit(*jumped, checked);
    checked.good.push_back(bar);
  }
  if (!said.after) return checked;
  if (const auto jumped = checker.Pass(*said.after)) Acquit(*jumped, checked);
  return checked;
}

CheckedBars CheckBars(SaidBars said, const QualityRules& rules, const std::vector<Explain>& explanations) {
  CheckedBars checked = CheckBars(said, rules);
  for (const Explain& explain : explanations) {
    if (!AnyJump(checked)) break;
    explain(said);
    checked = CheckBars(said, rules);
  }
  return checked;
}

std::string ContentOf(const Bar& bar) {
  return fmt::format(R"({{"time":"{}","open":{},"high":{},"low":{},"close":{},"volume":{}}})", FormatRfc3339(bar.time),
                     Format(bar.open), Format(bar.high), Format(bar.low), Format(bar.close), bar.volume);
}

}  // namespace papertape::market
