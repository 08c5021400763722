#include "services/market_data/domain/action_keeper.h"

#include <algorithm>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

using std::chrono::milliseconds;

// Nothing older is asked for, and announcements this far ahead are taken.
constexpr std::chrono::sys_days kFirstDay{std::chrono::year{1980} / 1 / 1};
constexpr std::chrono::days kAhead{90};
// A new listing is noticed after this long.
constexpr milliseconds kUntilMore = std::chrono::minutes(1);
constexpr milliseconds kShortestPause = std::chrono::seconds(1);
constexpr milliseconds kLongestPause = std::chrono::minutes(10);

}  // namespace

absl::StatusOr<milliseconds> ActionKeeper::Step() {
  const Timestamp now = ports_.clock.Now();
  const Timestamp today = std::chrono::floor<std::chrono::days>(now);
  PT_ASSIGN_OR_RETURN(const std::optional<Instrument> due, ports_.actions.NextToAsk(today));
  if (!due) return kUntilMore;
  Asked asked{.symbol = due->symbol};
  if (ports_.chain.AnyCan(Ability::kCorporateActions, *due)) {
    absl::StatusOr<ChainActions> told =
        ports_.chain.Actions(*due, Timestamp(kFirstDay), today + kAhead, "", ports_.clock.Steady() + timeout_);
    asked.status = told.status();
    if (told.ok()) {
      asked.source = told->source;
      PT_ASSIGN_OR_RETURN(asked.changed, ports_.actions.Write(due->symbol, told->actions, told->source, now));
    } else if (ReasonOf(told.status()) == Reason::kPROVIDER_UNAVAILABLE) {
      noted_(asked);
      return std::clamp(milliseconds(DetailsOf(told.status()).retry_after_ms), kShortestPause, kLongestPause);
    }
    noted_(asked);
  }
  // Who refuses today, or does not know the share, is asked again tomorrow.
  PT_RETURN_IF_ERROR(ports_.actions.MarkAsked(due->symbol, now));
  return milliseconds(0);
}

}  // namespace papertape::market
