#include "services/trade_engine/rpc/event_digest.h"

#include "libs/clock/fake_clock.h"
#include "services/trade_engine/domain/book.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

// Two users trade in a replay; `seed` makes the ids, `machine` the time on the wall.
struct Run {
  std::uint64_t seed = 1;
  std::chrono::hours machine{0};
  std::int64_t stop = 90;
  std::int64_t first_user = 7;
};

std::string DigestOf(const Run& run, std::int64_t* events = nullptr) {
  FakeClock machine;
  machine.Advance(run.machine);
  IdSource ids(machine, SeededRandom(run.seed));
  Book book(BookOptions(), ids);
  Batch batch;
  const Timestamp october = *ParseRfc3339("2008-10-01T14:00:00Z");
  const auto tick = [&](std::int64_t units, Timestamp time) {
    book.Tick({.symbol = "^GSPC", .last = Price::FromUnits(units), .time = time, .source = "replay"}, time, batch);
  };
  tick(100, october);
  for (const std::int64_t user : {run.first_user, run.first_user + 1}) {
    OpenTrade buy{.user_id = user, .symbol = "^GSPC", .quantity = Quantity::FromUnits(1)};
    buy.stop_loss = Price::FromUnits(run.stop);
    const std::string request = "request " + std::to_string(run.seed);
    REQUIRE_THAT(book.Decide(buy, october, request, batch).status(), testing::IsOk());
  }
  tick(89, october + std::chrono::minutes(1));
  EventDigest digest;
  for (const EventView& view : EventsOf(batch)) {
    v1::TradingEvent message;
    REQUIRE(message.ParseFromString(EncodeEvent(static_cast<std::int64_t>(run.seed), view)));
    digest.Add(view.event.account.user_id, view.event.time, message);
  }
  if (events != nullptr) *events = digest.events();
  return digest.Finish();
}

TEST_CASE("the same requests on the same tape have the same digest, whatever the ids, the users and the hour") {
  std::int64_t events = 0;
  const std::string first = DigestOf({}, &events);
  CHECK(events == 6);
  CHECK(first.size() == 64);
  CHECK(DigestOf({.seed = 2, .machine = std::chrono::hours(30), .first_user = 21}) == first);
}

TEST_CASE("another request has another digest") { CHECK(DigestOf({.stop = 91}) != DigestOf({})); }

}  // namespace
}  // namespace papertape::trade_engine
