#include "services/market_data/store/redis_tick_publisher.h"

#include <chrono>

#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/market_data/rpc/tick_columns.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Eventually;
using papertape::testing::IsOk;
using papertape::testing::TestRedis;
using testing::AQuote;
using testing::At;

const Timestamp kNow = At("2026-11-20T09:30:00Z");

struct ATickStream {
  TestRedis server;
  redis::Client redis{{.url = server.url(), .connections = 2, .timeout = 500ms}};
  std::size_t published = 0;
  std::size_t dropped = 0;

  RedisTickPublisher APublisher(redis::Client& client, const std::string& owner, std::chrono::milliseconds lease = 60s,
                                std::int64_t kept = 100'000) {
    return {client,
            {.owner = owner, .lease = lease, .entries_kept = kept, .retry_in = 0ms},
            [](const TapeBatch& batch) { return TickColumns().Serialize(batch); },
            [this](std::size_t sent, std::size_t lost) {
              published += sent;
              dropped += lost;
            },
            SystemClock()};
  }
  std::vector<redis::StreamEntry> Entries() {
    const auto entries = redis.ReadStream(kTickStream, "0-0", 1'000, 0ms);
    REQUIRE_THAT(entries.status(), IsOk());
    return *entries;
  }
};

TEST_CASE_METHOD(ATickStream, "an entry of the stream decodes to the batch that was published") {
  RedisTickPublisher publisher = APublisher(redis, "one");
  publisher.Publish({AQuote("AAPL", 223.02, kNow), AQuote("^NSEI", 25'000.05, kNow)});
  publisher.Publish({AQuote("AAPL", 223.03, kNow + 250ms)});
  const auto entries = Entries();
  REQUIRE(entries.size() == 2);
  REQUIRE(entries[0].Find("tape") != nullptr);
  pb::TickBatch batch;
  REQUIRE(batch.ParseFromString(*entries[0].Find("tape")));
  REQUIRE(batch.subjects_size() == 2);
  CHECK(batch.symbols(static_cast<int>(batch.subjects(1))) == "^NSEI");
  CHECK(batch.price_micros(1) == 25'000'050'000);
  CHECK(batch.time_steps_micros(0) == MicrosSinceEpoch(kNow));
  CHECK(published == 3);
  CHECK(dropped == 0);
}

TEST_CASE_METHOD(ATickStream, "only the holder of the lease publishes; another takes over when it runs out") {
  RedisTickPublisher first = APublisher(redis, "first", 200ms);
  RedisTickPublisher second = APublisher(redis, "second", 60s);
  first.Publish({AQuote("AAPL", 1, kNow)});
  second.Publish({AQuote("AAPL", 1, kNow)});
  CHECK(published == 1);
  CHECK(Entries().size() == 1);
  // `first` falls silent.
  CHECK(Eventually(10s, [&] {
    second.Publish({AQuote("AAPL", 2, kNow)});
    return published == 2;
  }));
  first.Publish({AQuote("AAPL", 3, kNow)});
  CHECK(published == 2);
  CHECK(Entries().size() == 2);
  CHECK(dropped == 0);
}

TEST_CASE_METHOD(ATickStream, "a lease that is given back is free at once, and nobody gives back another's") {
  RedisTickPublisher first = APublisher(redis, "first");
  RedisTickPublisher second = APublisher(redis, "second");
  first.Publish({AQuote("AAPL", 1, kNow)});
  second.Release();
  second.Publish({AQuote("AAPL", 2, kNow)});
  CHECK(published == 1);
  first.Release();
  second.Publish({AQuote("AAPL", 2, kNow)});
  CHECK(published == 2);
}

TEST_CASE_METHOD(ATickStream, "the stream keeps about as many entries as it is told") {
  RedisTickPublisher publisher = APublisher(redis, "one", 60s, 100);
  for (int i = 0; i < 1'000; ++i) publisher.Publish({AQuote("AAPL", 1, kNow)});
  CHECK(Entries().size() >= 100);
  CHECK(Entries().size() < 400);
}

TEST_CASE_METHOD(ATickStream, "a batch that is too large for one entry becomes several, in order") {
  RedisTickPublisher publisher = APublisher(redis, "one");
  std::vector<Quote> many;
  for (int i = 0; i < 20'000; ++i) many.push_back(AQuote("AAPL", i + 1, kNow));
  publisher.Publish(many);
  std::int64_t next = 1;
  const auto entries = Entries();
  CHECK(entries.size() == 3);
  for (const redis::StreamEntry& entry : entries) {
    pb::TickBatch batch;
    REQUIRE(batch.ParseFromString(*entry.Find("tape")));
    for (const std::int64_t price : batch.price_micros()) CHECK(price == kMicrosPerUnit * next++);
  }
  CHECK(published == 20'000);
}

TEST_CASE_METHOD(ATickStream, "batches are dropped while Redis is away, and go on with the next one that it takes") {
  redis::Client nowhere({.url = "redis://127.0.0.1:1/0", .connections = 1, .timeout = 100ms});
  RedisTickPublisher lost = APublisher(nowhere, "one");
  lost.Publish({AQuote("AAPL", 1, kNow), AQuote("MSFT", 1, kNow)});
  CHECK(dropped == 2);

  RedisTickPublisher publisher = APublisher(redis, "one");
  publisher.Publish({AQuote("AAPL", 1, kNow)});
  server.CutClients();
  CHECK(Eventually(10s, [&] {
    publisher.Publish({AQuote("AAPL", 2, kNow)});
    return published == 2;
  }));
}

}  // namespace
}  // namespace papertape::market
