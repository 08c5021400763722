#include "services/market_data/rpc/market_session_messages.h"

#include <chrono>
#include <cmath>
#include <string>

#include "fmt/format.h"
#include "libs/calendar/calendar.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

calendar::Date ToDate(Timestamp day) {
  return calendar::Date(std::chrono::floor<std::chrono::days>(day).time_since_epoch());
}

// A day that the calendars know.
Timestamp ReadDay(const std::string& text, const char* field, Violations& wrong) {
  const absl::StatusOr<Timestamp> day = ParseDate(text);
  if (!wrong.Check(day.ok(), field, "must be a day such as 2008-10-01")) return {};
  wrong.Check(calendar::Calendar::Covers(ToDate(*day)), field, "must be from 2000-01-01 to 2028-12-31");
  return *day;
}

void CheckSpeed(std::int64_t speed, Violations& wrong) {
  wrong.Check(speed >= kSlowest && speed <= kFastest, "speed",
              fmt::format("must be from {} to {}", kSlowest, kFastest));
}

double Percent(double share) { return std::round(share * 10'000) / 100; }

}  // namespace

absl::StatusOr<ReplayRange> Decode(const pb::StartReplayRequest& request) {
  Violations wrong;
  ReplayRange range{.speed = request.speed() == 0 ? kSlowest : request.speed(), .paused = request.paused()};
  range.first_day = ReadDay(request.start(), "start", wrong);
  range.last_day = ReadDay(request.end(), "end", wrong);
  if (wrong.empty()) wrong.Check(range.first_day <= range.last_day, "end", "must not be before start");
  CheckSpeed(range.speed, wrong);
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return range;
}

absl::StatusOr<std::int64_t> Decode(const pb::SetSessionSpeedRequest& request) {
  Violations wrong;
  CheckSpeed(request.speed(), wrong);
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return request.speed();
}

absl::StatusOr<SessionStep> Decode(const pb::StepSessionRequest& request) {
  Violations wrong;
  const std::optional<SessionStep> step = ParseStep(request.by());
  wrong.Check(step.has_value(), "by", "must be `price`, or such as 30s, 15m, 1h or 1d, at most 366d");
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return *step;
}

void Encode(const SessionView& view, pb::MarketSession& out) {
  const bool live = view.session.number == 0;
  out.set_session(view.session.number);
  out.set_kind(live ? "live" : "replay");
  out.set_state(std::string(SessionStateName(view.session.state)));
  rpc::Encode(view.time, out.mutable_time());
  out.set_speed(view.session.speed);
  if (live) return;
  if (view.from) rpc::Encode(*view.from, out.mutable_from());
  if (view.until) rpc::Encode(*view.until, out.mutable_until());
  out.set_progress(Percent(view.share_played));
  out.set_symbols(view.symbols);
  out.set_stepping(view.stepping);
}

}  // namespace papertape::market
