#include "services/market_data/rpc/calendar_messages.h"

#include "libs/rpc/proto_types.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::At;

const Timestamp kNow = At("2026-11-20T11:00:00Z");  // a Friday, before the opening in New York

pb::MarketStatus Status(const std::string& exchange, Timestamp at) {
  pb::GetMarketStatusRequest request;
  request.set_exchange(exchange);
  const auto query = Decode(request, at);
  REQUIRE_THAT(query.status(), IsOk());
  pb::MarketStatus out;
  Encode(*query, out);
  return out;
}

absl::StatusOr<pb::ListSessionsReply> List(const std::string& exchange, const std::string& start,
                                           const std::string& end) {
  pb::ListSessionsRequest request;
  request.set_exchange(exchange);
  request.set_start(start);
  request.set_end(end);
  PT_ASSIGN_OR_RETURN(const SessionQuery query, Decode(request, kNow));
  pb::ListSessionsReply out;
  Encode(query, out);
  return out;
}

std::string Text(const google::protobuf::Timestamp& time) { return FormatRfc3339(rpc::Decode(time)); }

TEST_CASE("the status tells what goes on and what comes next") {
  const pb::MarketStatus early = Status("", kNow);
  CHECK(early.exchange() == "XNYS");
  CHECK(early.name() == "New York Stock Exchange");
  CHECK(early.timezone() == "America/New_York");
  CHECK(early.date() == "2026-11-20");
  CHECK_FALSE(early.is_open());
  CHECK(early.session() == "pre_open");
  CHECK(Text(early.now()) == "2026-11-20T11:00:00Z");
  CHECK(Text(early.next_open()) == "2026-11-20T14:30:00Z");
  CHECK(Text(early.next_close()) == "2026-11-20T21:00:00Z");
  CHECK_FALSE(early.has_holiday());
  CHECK_FALSE(early.has_occasion());
  CHECK(early.confirmed());
  const pb::MarketStatus open = Status("xnys", At("2026-11-20T14:30:00Z"));
  CHECK(open.is_open());
  CHECK(open.session() == "regular");
  CHECK(Text(open.next_open()) == "2026-11-23T14:30:00Z");
}

TEST_CASE("the status names the holiday, and the reason of an early close") {
  const pb::MarketStatus holiday = Status("XNAS", At("2026-11-26T15:00:00Z"));
  CHECK_FALSE(holiday.is_open());
  CHECK(holiday.session() == "closed");
  CHECK(holiday.holiday() == "Thanksgiving Day");
  CHECK(Text(holiday.next_open()) == "2026-11-27T14:30:00Z");
  const pb::MarketStatus half = Status("XNAS", At("2026-11-27T15:00:00Z"));
  CHECK(half.early_close());
  CHECK(half.occasion() == "Day after Thanksgiving");
  CHECK(Text(half.next_close()) == "2026-11-27T18:00:00Z");
  const pb::MarketStatus weekend = Status("XNAS", At("2026-11-28T15:00:00Z"));
  CHECK_FALSE(weekend.has_holiday());
  CHECK(weekend.session() == "closed");
}

TEST_CASE("the status of a year that is not published says so") {
  CHECK_FALSE(Status("XNSE", At("2027-06-01T05:00:00Z")).confirmed());
  CHECK_FALSE(Status("XNSE", At("2027-06-01T05:00:00Z")).source().empty());
  CHECK(Status("XNSE", At("2026-06-01T05:00:00Z")).confirmed());
  CHECK_FALSE(Status("XNSE", At("2026-11-08T05:00:00Z")).confirmed());  // Muhurat, at hours that are not known
}

TEST_CASE("another moment can be asked about") {
  pb::GetMarketStatusRequest request;
  request.set_at("2001-09-12T10:00:00-04:00");
  const auto query = Decode(request, kNow);
  REQUIRE_THAT(query.status(), IsOk());
  CHECK(query->at == At("2001-09-12T14:00:00Z"));
  request.set_at("yesterday");
  CHECK_THAT(Decode(request, kNow).status(), NamesField("at"));
  request.set_at("2031-01-02T15:00:00Z");
  CHECK_THAT(Decode(request, kNow).status(), NamesField("at"));
}

TEST_CASE("an unknown exchange is refused with the known ones") {
  pb::GetMarketStatusRequest request;
  request.set_exchange("XLON");
  const absl::Status refused = Decode(request, kNow).status();
  CHECK_THAT(refused, HasReason(Reason::kINVALID_ARGUMENT));
  REQUIRE(DetailsOf(refused).violations.size() == 1);
  CHECK(DetailsOf(refused).violations[0] == FieldViolation{"exchange", "must be one of XNYS, XNAS, XNSE, XBOM"});
}

TEST_CASE("the calendar lists sessions and holidays of both days and those between") {
  const auto reply = List("XNYS", "2026-11-25", "2026-11-30");
  REQUIRE_THAT(reply.status(), IsOk());
  REQUIRE(reply->sessions_size() == 3);
  CHECK(reply->trading_days() == 3);
  CHECK(reply->sessions(0).date() == "2026-11-25");
  CHECK_FALSE(reply->sessions(0).early_close());
  CHECK_FALSE(reply->sessions(0).has_occasion());
  const pb::TradingSession& half = reply->sessions(1);
  CHECK(half.date() == "2026-11-27");
  CHECK(half.early_close());
  CHECK(half.local_open() == "09:30");
  CHECK(half.local_close() == "13:00");
  CHECK(Text(half.open()) == "2026-11-27T14:30:00Z");
  CHECK(Text(half.close()) == "2026-11-27T18:00:00Z");
  CHECK(Text(half.pre_open()) == "2026-11-27T09:00:00Z");
  CHECK(Text(half.post_close()) == "2026-11-27T22:00:00Z");
  CHECK_FALSE(half.has_pause());
  CHECK(reply->sessions(2).date() == "2026-11-30");
  REQUIRE(reply->holidays_size() == 1);
  CHECK(reply->holidays(0).date() == "2026-11-26");
  CHECK(reply->holidays(0).name() == "Thanksgiving Day");
  CHECK(reply->confirmed());
  CHECK(reply->start() == "2026-11-25");
  CHECK(reply->end() == "2026-11-30");
}

TEST_CASE("a day of two halves carries its pause") {
  const auto reply = List("XBOM", "2024-03-02", "2024-03-02");
  REQUIRE_THAT(reply.status(), IsOk());
  REQUIRE(reply->sessions_size() == 1);
  CHECK(Text(reply->sessions(0).pause().begin()) == "2024-03-02T04:30:00Z");
  CHECK(Text(reply->sessions(0).pause().end()) == "2024-03-02T06:00:00Z");
  CHECK(reply->sessions(0).local_open() == "09:15");
}

TEST_CASE("an answer is confirmed when all of its years are, and names the sources of each") {
  const auto reply = List("XNSE", "2026-06-01", "2027-06-01");
  REQUIRE_THAT(reply.status(), IsOk());
  CHECK_FALSE(reply->confirmed());
  REQUIRE(reply->sources_size() == 2);
  CHECK(reply->sources(0).confirmed());
  CHECK_FALSE(reply->sources(1).confirmed());
  CHECK(reply->sources(1).first_year() == 2027);
  CHECK(reply->sessions(0).confirmed());
  CHECK_FALSE(reply->sessions(reply->sessions_size() - 1).confirmed());
}

TEST_CASE("without days the calendar begins today, on the exchange's own clock") {
  const auto reply = List("", "", "");
  REQUIRE_THAT(reply.status(), IsOk());
  CHECK(reply->start() == "2026-11-20");
  CHECK(reply->end() == "2026-12-20");
  pb::ListSessionsRequest request;
  request.set_exchange("XNSE");
  CHECK(Decode(request, At("2026-11-20T18:30:00Z"))->start == Decode(request, At("2026-11-21T08:00:00Z"))->start);
  const auto last = List("XNYS", "2028-12-15", "");
  REQUIRE_THAT(last.status(), IsOk());
  CHECK(last->end() == "2028-12-31");
}

TEST_CASE("a calendar request is refused for all of its wrong fields at once") {
  const absl::Status refused = List("XLON", "20201301", "2020-02-30").status();
  CHECK_THAT(refused, HasReason(Reason::kINVALID_ARGUMENT));
  for (const char* const field : {"exchange", "start", "end"}) CHECK_THAT(refused, NamesField(field));
  CHECK_THAT(List("", "1999-12-31", "2000-01-03").status(), NamesField("start"));
  CHECK_THAT(List("", "2028-12-01", "2029-01-01").status(), NamesField("end"));
  CHECK_THAT(List("", "2026-11-20", "2026-11-19").status(), NamesField("end"));
}

TEST_CASE("a calendar answer spans at most two years") {
  CHECK_THAT(List("", "2024-01-01", "2025-12-31").status(), IsOk());  // 731 days, one of them the 29th of February
  CHECK_THAT(List("", "2024-01-01", "2026-01-01").status(), NamesField("end"));
  CHECK_THAT(List("", "2000-01-01", "2028-12-31").status(), NamesField("end"));
}

}  // namespace
}  // namespace papertape::market
