#include "services/market_data/rpc/calendar_messages.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

using calendar::Calendar;
using calendar::Date;
using calendar::Session;
using std::chrono::days;

constexpr char kDefaultExchange[] = "XNYS";
constexpr days kDefaultSpan{30};
constexpr int kMostDays = 731;  // two years, one of them a leap year

std::string FormatDay(Date date) { return FormatDate(std::chrono::sys_days(date.time_since_epoch())); }

std::optional<Date> ReadDay(const std::string& text) {
  const absl::StatusOr<Timestamp> day = ParseDate(text);
  if (!day.ok()) return std::nullopt;
  return Date(std::chrono::floor<days>(*day).time_since_epoch());
}

std::string Allowed() {
  std::string codes;
  for (const Calendar* const known : calendar::AllCalendars()) {
    codes += fmt::format("{}{}", codes.empty() ? "" : ", ", known->code());
  }
  return "must be one of " + codes;
}

std::string Covered() {
  return fmt::format("must be from {} to {}", FormatDay(Calendar::FirstDate()), FormatDay(Calendar::LastDate()));
}

// Falls back to the default exchange, so that the other fields can be looked at all the same.
const Calendar& ReadExchange(const std::string& code, Violations& wrong) {
  const Calendar* const found = calendar::FindCalendar(code.empty() ? kDefaultExchange : code);
  wrong.Check(found != nullptr, "exchange", Allowed());
  return found != nullptr ? *found : *calendar::FindCalendar(kDefaultExchange);
}

// A day of the request, or `absent` where it names none.
Date ReadDayField(const std::string& text, const char* field, Date absent, Violations& wrong) {
  if (text.empty()) return absent;
  const std::optional<Date> day = ReadDay(text);
  if (!wrong.Check(day.has_value(), field, "must be a day such as 2026-11-27")) return absent;
  wrong.Check(Calendar::Covers(*day), field, Covered());
  return *day;
}

// "09:30" on the exchange's wall.
std::string FormatLocal(calendar::Zone zone, Timestamp time) {
  const Timestamp wall = time + calendar::OffsetAt(zone, time);
  const std::chrono::hh_mm_ss clock(wall - std::chrono::floor<days>(wall));
  return fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count());
}

void Encode(calendar::Zone zone, const Session& session, pb::TradingSession& out) {
  out.set_date(FormatDay(session.date));
  rpc::Encode(session.open, out.mutable_open());
  rpc::Encode(session.close, out.mutable_close());
  out.set_local_open(FormatLocal(zone, session.open));
  out.set_local_close(FormatLocal(zone, session.close));
  if (session.pre_open) rpc::Encode(*session.pre_open, out.mutable_pre_open());
  if (session.post_close) rpc::Encode(*session.post_close, out.mutable_post_close());
  if (session.pause) {
    rpc::Encode(session.pause->begin, out.mutable_pause()->mutable_begin());
    rpc::Encode(session.pause->end, out.mutable_pause()->mutable_end());
  }
  out.set_early_close(session.early_close);
  if (!session.occasion.empty()) out.set_occasion(std::string(session.occasion));
  out.set_confirmed(session.confirmed);
}

}  // namespace

absl::StatusOr<StatusQuery> Decode(const pb::GetMarketStatusRequest& request, Timestamp now) {
  Violations wrong;
  const Calendar& of = ReadExchange(request.exchange(), wrong);
  StatusQuery query{.calendar = &of, .at = now};
  if (!request.at().empty()) {
    const absl::StatusOr<Timestamp> at = ParseRfc3339(request.at());
    if (wrong.Check(at.ok(), "at", "must be an RFC 3339 time such as 2026-03-02T14:30:00Z")) query.at = *at;
  }
  wrong.Check(Calendar::Covers(of.DateAt(query.at)), "at", Covered());
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return query;
}

absl::StatusOr<SessionQuery> Decode(const pb::ListSessionsRequest& request, Timestamp now) {
  Violations wrong;
  const Calendar& of = ReadExchange(request.exchange(), wrong);
  SessionQuery query{.calendar = &of};
  query.start = ReadDayField(request.start(), "start", of.DateAt(now), wrong);
  query.end = ReadDayField(request.end(), "end", std::min(query.start + kDefaultSpan, Calendar::LastDate()), wrong);
  if (wrong.empty()) {
    wrong.Check(Calendar::Covers(query.start), "start", Covered());
    wrong.Check(query.start <= query.end, "end", "must not be before start");
    wrong.Check((query.end - query.start).count() < kMostDays, "end",
                fmt::format("must be at most {} days after start", kMostDays - 1));
  }
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return query;
}

void Encode(const StatusQuery& query, pb::MarketStatus& out) {
  const Calendar& of = *query.calendar;
  const Date date = of.DateAt(query.at);
  out.set_exchange(std::string(of.code()));
  out.set_name(std::string(of.name()));
  out.set_is_open(of.IsOpenAt(query.at));
  out.set_session(std::string(calendar::PhaseName(of.PhaseAt(query.at))));
  rpc::Encode(query.at, out.mutable_now());
  if (const auto open = of.NextOpen(query.at)) rpc::Encode(*open, out.mutable_next_open());
  if (const auto close = of.NextClose(query.at)) rpc::Encode(*close, out.mutable_next_close());
  out.set_timezone(std::string(ZoneName(of.zone())));
  out.set_date(FormatDay(date));
  const calendar::Record& record = *of.RecordOf(date);
  out.set_confirmed(record.confirmed);
  out.set_source(std::string(record.source));
  if (const auto holiday = of.HolidayOn(date)) {
    out.set_holiday(std::string(holiday->name));
    out.set_confirmed(holiday->confirmed);
  }
  if (const auto session = of.SessionOn(date)) {
    if (!session->occasion.empty()) out.set_occasion(std::string(session->occasion));
    out.set_early_close(session->early_close);
  }
}

void Encode(const SessionQuery& query, pb::ListSessionsReply& out) {
  const Calendar& of = *query.calendar;
  out.set_exchange(std::string(of.code()));
  out.set_name(std::string(of.name()));
  out.set_timezone(std::string(ZoneName(of.zone())));
  out.set_start(FormatDay(query.start));
  out.set_end(FormatDay(query.end));
  for (const Session& session : of.Sessions(query.start, query.end)) Encode(of.zone(), session, *out.add_sessions());
  for (const calendar::Holiday& holiday : of.Holidays(query.start, query.end)) {
    pb::ExchangeHoliday& entry = *out.add_holidays();
    entry.set_date(FormatDay(holiday.date));
    entry.set_name(std::string(holiday.name));
    entry.set_confirmed(holiday.confirmed);
  }
  out.set_trading_days(out.sessions_size());
  out.set_confirmed(true);
  for (const calendar::Record& record : of.Records(query.start, query.end)) {
    pb::CalendarSource& source = *out.add_sources();
    source.set_first_year(record.first_year);
    source.set_last_year(record.last_year);
    source.set_confirmed(record.confirmed);
    source.set_source(std::string(record.source));
    out.set_confirmed(out.confirmed() && record.confirmed);
  }
}

}  // namespace papertape::market
