#include "services/trade_engine/domain/event_log.h"

#include "libs/clock/fake_clock.h"
#include "libs/ids/ids.h"
#include "services/trade_engine/domain/book.h"
#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

TEST_CASE("the canonical bytes of an event are these, for ever") {
  using namespace std::string_view_literals;
  const LoggedEvent event{.session = 2,
                          .user_id = 7,
                          .account_seq = 41,
                          .id = "01EVENT",
                          .type = "papertape.trade_engine.v1.TradingEvent",
                          .time = FromMicrosSinceEpoch(1'763'700'000'250'001),
                          .request_id = "",
                          .cause = "tick 1763700000000-3",
                          .payload = "\0a:1\n\xFF"sv};
  CHECK(CanonicalBytes(event) ==
        "papertape event 1\n2 7 41 1763700000250001\n"
        "7:01EVENT38:papertape.trade_engine.v1.TradingEvent0:20:tick 1763700000000-36:\0a:1\n\xFF"sv);
}

TEST_CASE("no two events have the same canonical bytes: lengths keep the borders") {
  const LoggedEvent one{.id = "ab", .type = "c"};
  const LoggedEvent other{.id = "a", .type = "bc"};
  CHECK(CanonicalBytes(one) != CanonicalBytes(other));
}

TEST_CASE("each event of a batch comes with the transfers and the order that are its own") {
  FakeClock clock;
  IdSource ids(clock, SeededRandom(1));
  Book book(BookOptions(), ids);
  Batch batch;
  const auto quote = [&](std::int64_t units) {
    return Quote{.symbol = "AAPL", .last = Price::FromUnits(units), .time = clock.Now(), .source = "test"};
  };
  book.Tick(quote(100), clock.Now(), batch);
  OpenTrade buy{.user_id = 7, .symbol = "AAPL", .quantity = Quantity::FromUnits(1), .stop_loss = Price::FromUnits(90)};
  const auto opened = book.Decide(buy, clock.Now(), "r1", batch);
  const ChangeTrade change{.user_id = 7, .trade_id = opened->trade.trade_id, .stop_loss = Price::FromUnits(95)};
  REQUIRE(book.Decide(change, clock.Now(), "r2", batch).ok());
  clock.Advance(std::chrono::seconds(1));
  book.Tick(quote(94), clock.Now(), batch, "5-0");

  const std::vector<EventView> views = EventsOf(batch);
  REQUIRE(views.size() == 4);
  CHECK(views[0].event.kind == EventKind::kAccountOpened);
  CHECK(views[0].transfers.size() == 1);
  CHECK(views[0].order == nullptr);
  CHECK(views[1].transfers.size() == 1);
  REQUIRE(views[1].order != nullptr);
  CHECK(views[1].order->opens);
  CHECK(views[1].event.cause == "request");
  CHECK(views[2].transfers.empty());
  CHECK(views[2].order == nullptr);
  CHECK(views[3].transfers.size() == 2);
  REQUIRE(views[3].order != nullptr);
  CHECK_FALSE(views[3].order->opens);
  CHECK(views[3].event.cause == "tick 5-0");
  CHECK(views[3].event.request_id.empty());
}

}  // namespace
}  // namespace papertape::trade_engine
