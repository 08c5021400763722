#include "services/trade_engine/clients/tick_columns.h"

#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

using market_data::v1::TickBatch;
using papertape::testing::HasReason;
using papertape::testing::IsOk;

// Two ticks of AAPL and one of ^NSEI between them.
TickBatch ABatch() {
  TickBatch batch;
  batch.add_symbols("AAPL");
  batch.add_symbols("^NSEI");
  batch.add_sources("simulator");
  for (const std::int64_t close : {222'000'000, 0}) {
    batch.add_subject_sources(0);
    batch.add_previous_close_micros(close);
  }
  const std::int64_t start = 1'700'000'000'000'000;
  const auto add = [&](std::uint32_t subject, std::int64_t price, std::int64_t step, std::uint64_t bid,
                       std::uint64_t ask) {
    batch.add_subjects(subject);
    batch.add_price_micros(price);
    batch.add_time_steps_micros(step);
    batch.add_bid_steps_micros(bid);
    batch.add_ask_steps_micros(ask);
  };
  add(0, 223'000'000, start, 10'001, 1);
  add(1, 25'000'000'000, 5, 0, 0);
  add(0, 223'010'000, -2, 1, 10'001);
  return batch;
}

TEST_CASE("columns become the ticks that they were, in order") {
  std::vector<Quote> ticks;
  REQUIRE_THAT(AppendTicks(ABatch(), ticks), IsOk());
  REQUIRE(ticks.size() == 3);
  CHECK(ticks[0].symbol == "AAPL");
  CHECK(ticks[0].source == "simulator");
  CHECK(ticks[0].last == Price::FromUnits(223));
  CHECK(ticks[0].bid == Price::FromMicros(222'990'000));
  CHECK(ticks[0].ask == Price::FromUnits(223));
  CHECK(ticks[1].symbol == "^NSEI");
  CHECK_FALSE(ticks[1].bid);
  CHECK_FALSE(ticks[1].ask);
  CHECK(MicrosSinceEpoch(ticks[2].time) == 1'700'000'000'000'003);
}

TEST_CASE("columns that do not fit together become nothing") {
  const auto refused = [](auto&& spoil) {
    TickBatch batch = ABatch();
    spoil(batch);
    std::vector<Quote> ticks;
    CHECK_THAT(AppendTicks(batch, ticks), HasReason(Reason::kINTERNAL));
    CHECK(ticks.empty());
  };
  refused([](TickBatch& batch) { batch.set_subjects(1, 2); });
  refused([](TickBatch& batch) { batch.set_subject_sources(1, 1); });
  refused([](TickBatch& batch) { batch.mutable_price_micros()->RemoveLast(); });
  refused([](TickBatch& batch) { batch.add_bid_steps_micros(0); });
  refused([](TickBatch& batch) { batch.clear_time_steps_micros(); });
  refused([](TickBatch& batch) { batch.clear_sources(); });
}

}  // namespace
}  // namespace papertape::trade_engine
