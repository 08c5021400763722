#include "services/market_data/domain/simulator.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using std::chrono::milliseconds;
using testing::Apple;
using testing::At;
using testing::Day;
using testing::Nifty;

const Timestamp kMorning = At("2026-11-20T09:30:00Z");

Simulator ASimulator(Simulator::Options options = {}) { return {options, {Apple(), Nifty()}, {}}; }

// What the simulator says from `start` on, polled as the feed does.
std::vector<Quote> Ticks(Simulator& simulator, Timestamp start, Timestamp end) {
  std::vector<Quote> ticks;
  for (Timestamp now = start; now < end; now = simulator.NextAt(now)) {
    const std::vector<Quote> quotes = simulator.Poll(now);
    ticks.insert(ticks.end(), quotes.begin(), quotes.end());
  }
  return ticks;
}

TEST_CASE("the same seed gives the same ticks, another seed others") {
  Simulator one = ASimulator({.seed = 42});
  Simulator two = ASimulator({.seed = 42});
  Simulator other = ASimulator({.seed = 43});
  const Timestamp end = kMorning + std::chrono::minutes(10);
  const std::vector<Quote> ticks = Ticks(one, kMorning, end);
  CHECK(ticks.size() == 2 * 4 * 600);
  CHECK(ticks == Ticks(two, kMorning, end));
  CHECK_FALSE(ticks == Ticks(other, kMorning, end));
}

TEST_CASE("a restart continues the same path") {
  Simulator running = ASimulator();
  const std::vector<Quote> whole = Ticks(running, kMorning, kMorning + std::chrono::minutes(2));
  Simulator restarted = ASimulator();
  const std::vector<Quote> rest =
      Ticks(restarted, kMorning + std::chrono::minutes(1), kMorning + std::chrono::minutes(2));
  REQUIRE(rest.size() * 2 == whole.size());
  CHECK(std::equal(rest.begin(), rest.end(), whole.begin() + static_cast<std::ptrdiff_t>(rest.size())));
}

TEST_CASE("a whole day of ticks has the day's open, high, low and close") {
  const Simulator::Options options{.interval = milliseconds(1'000)};
  Simulator simulator = ASimulator(options);
  std::map<std::string, DayBar> seen;
  for (const Quote& tick : Ticks(simulator, Day("2026-11-20"), Day("2026-11-21"))) {
    const auto [entry, first] = seen.try_emplace(tick.symbol, DayBar{tick.price, tick.price, tick.price, tick.price});
    entry->second.high = std::max(entry->second.high, tick.price);
    entry->second.low = std::min(entry->second.low, tick.price);
    entry->second.close = tick.price;
  }
  const std::int64_t day = Day("2026-11-20").time_since_epoch() / std::chrono::hours(24);
  for (const Simulation& instrument : {Apple(), Nifty()}) {
    CAPTURE(instrument.symbol);
    CHECK(seen.at(instrument.symbol) == SimulatedDay(options, instrument, {}, day));
  }
}

TEST_CASE("midnight is no gap") {
  Simulator simulator = ASimulator();
  const std::vector<Quote> before = simulator.Poll(Day("2026-11-21") - milliseconds(1));
  const std::vector<Quote> after = simulator.Poll(Day("2026-11-21"));
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i].price == after[i].price);
    CHECK(after[i].previous_close == before[i].price);
  }
}

TEST_CASE("every quote says simulated; shares have a bid and an ask around the price, an index has none") {
  Simulator simulator = ASimulator({.volatility = 20});
  for (const Quote& tick : Ticks(simulator, kMorning, kMorning + std::chrono::minutes(5))) {
    REQUIRE(tick.source == "simulator");
    REQUIRE(tick.price > Price());
    if (tick.symbol == "^NSEI") {
      REQUIRE_FALSE(tick.bid);
      REQUIRE_FALSE(tick.ask);
      REQUIRE(tick.price.micros() % 50'000 == 0);
    } else {
      REQUIRE(*tick.bid > Price());
      REQUIRE(*tick.bid < tick.price);
      REQUIRE(*tick.ask > tick.price);
      REQUIRE(tick.ask->micros() % 10'000 == 0);
    }
  }
}

TEST_CASE("a step is told once and a late poll answers the newest step alone") {
  Simulator simulator = ASimulator();
  CHECK(simulator.Poll(kMorning + milliseconds(10)).size() == 2);
  CHECK(simulator.Poll(kMorning + milliseconds(249)).empty());
  CHECK(simulator.NextAt(kMorning + milliseconds(249)) == kMorning + milliseconds(250));
  const std::vector<Quote> late = simulator.Poll(kMorning + milliseconds(60'130));
  REQUIRE(late.size() == 2);
  CHECK(late.front().time == kMorning + milliseconds(60'000));
}

TEST_CASE("an interval that does not divide the day still turns at midnight") {
  Simulator simulator = ASimulator({.interval = milliseconds(7'000)});
  const Timestamp late = Day("2026-11-20") + std::chrono::seconds(86'399);
  CHECK(simulator.NextAt(late) == Day("2026-11-21"));
  CHECK_FALSE(simulator.Poll(late).empty());
  CHECK(simulator.Poll(Day("2026-11-21")).front().time == Day("2026-11-21"));
}

// How long, in milliseconds, until AAPL trades `distance` (a share of the price) below where it was at `start`.
std::int64_t WaitForStop(Simulator& simulator, Timestamp start, double distance) {
  const auto price = [&](Timestamp now) { return simulator.Poll(now).front().price.micros(); };
  const auto stop = static_cast<std::int64_t>(static_cast<double>(price(start)) * (1 - distance));
  Timestamp now = start;
  while (now < start + std::chrono::minutes(10)) {
    now = simulator.NextAt(now);
    if (price(now) <= stop) break;
  }
  return (now - start) / milliseconds(1);
}

TEST_CASE("a stop a twentieth of a percent away is typically hit within seconds") {
  Simulator simulator = ASimulator();
  std::vector<std::int64_t> waits;
  for (Timestamp start = Day("2026-11-01"); start < Day("2026-11-11"); start += std::chrono::minutes(15)) {
    waits.push_back(WaitForStop(simulator, start, 0.0005));
  }
  std::sort(waits.begin(), waits.end());
  const auto share = [&](double of) { return waits[static_cast<std::size_t>(of * static_cast<double>(waits.size()))]; };
  INFO("p50 " << share(0.5) << " p75 " << share(0.75) << " p90 " << share(0.9) << " p95 " << share(0.95) << " max "
              << waits.back());
  CHECK(share(0.5) <= 5'000);
  CHECK(share(0.9) <= 60'000);
}

}  // namespace
}  // namespace papertape::market
