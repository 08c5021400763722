#include "services/notification/clients/journal_alerts.h"

#include "papertape/trade_engine/v1/journal_event.pb.h"
#include "tests/support/matchers.h"

namespace papertape::notification {
namespace {

using testing::HasReason;
using testing::IsOk;
using trade_engine::v1::JournalAlert;

events::Event EventWith(const JournalAlert& message) {
  return {.id = "01E",
          .type = "papertape.trade_engine.v1.JournalAlert",
          .user_id = 7,
          .payload = message.SerializeAsString()};
}

JournalAlert AStop() {
  JournalAlert message;
  message.set_level(JournalAlert::LEVEL_STOP_LOSS);
  message.mutable_price()->set_micros(148'500'000);
  message.mutable_trade()->set_id("01T");
  message.mutable_trade()->set_ticker("AAPL");
  return message;
}

TEST_CASE("the stop of a written trade is told in the words of the journal dialect") {
  const auto draft = TellJournalAlert(EventWith(AStop()));
  REQUIRE_THAT(draft.status(), IsOk());
  REQUIRE(draft->has_value());
  CHECK((*draft)->user_id == 7);
  CHECK((*draft)->type == "trade_alert");
  CHECK((*draft)->title == "Stop loss reached: AAPL");
  CHECK((*draft)->message == "Stop loss triggered for AAPL at $148.50");
  REQUIRE((*draft)->alert.has_value());
  CHECK((*draft)->alert->ticker == "AAPL");
  CHECK((*draft)->alert->trade_id == "01T");
  CHECK((*draft)->alert->message == (*draft)->message);
  CHECK_THAT((*draft)->data, Catch::Matchers::Contains(R"("ticker":"AAPL")"));
}

TEST_CASE("the target of a written trade is told as such") {
  JournalAlert message = AStop();
  message.set_level(JournalAlert::LEVEL_TARGET_PRICE);
  CHECK((**TellJournalAlert(EventWith(message))).message == "Target price reached for AAPL at $148.50");
}

TEST_CASE("an alert of a replay says so, and when") {
  JournalAlert message = AStop();
  message.set_session(3);
  events::Event event = EventWith(message);
  event.time = *ParseRfc3339("2008-10-01T14:30:00Z");
  const auto draft = *TellJournalAlert(event);
  CHECK(draft->title == "Replay: Stop loss reached: AAPL");
  CHECK(draft->alert->message == "Replay of 2008-10-01T14:30:00Z: Stop loss triggered for AAPL at $148.50");
}

TEST_CASE("what is no alert of the journal is passed over, and one that cannot be read is refused") {
  events::Event other = EventWith(AStop());
  other.type = "papertape.trade_engine.v1.SomethingNew";
  CHECK_FALSE(TellJournalAlert(other)->has_value());
  CHECK_THAT(TellJournalAlert(EventWith(JournalAlert())).status(), HasReason(Reason::kINVALID_ARGUMENT));
  events::Event broken = EventWith(AStop());
  broken.payload = "\xff";
  CHECK_THAT(TellJournalAlert(broken).status(), HasReason(Reason::kINVALID_ARGUMENT));
}

}  // namespace
}  // namespace papertape::notification
