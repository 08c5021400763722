// CalendarService's protos <-> libs/calendar. Decoding reports every wrong field at once.
#pragma once

#include "absl/status/statusor.h"
#include "libs/calendar/calendar.h"
#include "libs/clock/clock.h"
#include "papertape/market_data/v1/calendar_service.pb.h"

namespace papertape::market {

namespace pb = market_data::v1;

// What GetMarketStatus asks for; `calendar` is never null and covers `at`.
struct StatusQuery {
  const calendar::Calendar* calendar = nullptr;
  Timestamp at;
};
// What ListSessions asks for, both days inclusive and covered.
struct SessionQuery {
  const calendar::Calendar* calendar = nullptr;
  calendar::Date start;
  calendar::Date end;
};

// `now` stands for what the request leaves out.
absl::StatusOr<StatusQuery> Decode(const pb::GetMarketStatusRequest& request, Timestamp now);
absl::StatusOr<SessionQuery> Decode(const pb::ListSessionsRequest& request, Timestamp now);

void Encode(const StatusQuery& query, pb::MarketStatus& out);
void Encode(const SessionQuery& query, pb::ListSessionsReply& out);

}  // namespace papertape::market
