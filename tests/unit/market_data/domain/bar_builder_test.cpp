#include "services/market_data/domain/bar_builder.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>

#include "services/market_data/domain/bar_desk.h"
#include "services/market_data/domain/derived_bars.h"
#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using testing::AQuote;
using testing::At;
using testing::Dollars;

const Timestamp kNine = At("2026-11-20T09:00:00Z");

std::optional<TradingDay> AlwaysOpen(const Quote& tick) { return DayRoundTheClock(tick.time); }

Quote ATrade(double price, Timestamp time, std::int64_t shares = 1) {
  Quote quote = AQuote("AAPL", price, time);
  quote.volume = shares;
  quote.traded = true;
  return quote;
}

struct ABuilder {
  BarBuilder builder{AlwaysOpen, 2s};
  std::vector<LiveBar> done;

  void Tick(const Quote& quote, std::chrono::milliseconds after = 0ms) { builder.Tick(quote, quote.time + after); }
  void FinishAt(Timestamp now) {
    for (LiveBar& bar : builder.Finish(now)) done.push_back(std::move(bar));
  }
  [[nodiscard]] std::vector<LiveBar> Done(BarSpan span) const {
    std::vector<LiveBar> bars;
    std::copy_if(done.begin(), done.end(), std::back_inserter(bars),
                 [span](const auto& bar) { return bar.span == span; });
    return bars;
  }
};

TEST_CASE_METHOD(ABuilder, "a second has the first, highest, lowest and last price of its ticks, and their shares") {
  for (const auto& [price, at] : {std::pair(10.0, 100ms), {12.0, 300ms}, {9.0, 500ms}, {11.0, 900ms}}) {
    Tick(ATrade(price, kNine + at, 5));
  }
  FinishAt(kNine + 3s - 1ms);
  CHECK(done.empty());  // within the grace
  FinishAt(kNine + 3s);
  REQUIRE(done.size() == 1);
  const LiveBar& bar = done.front();
  CHECK(bar.start == kNine);
  CHECK(bar.open == Dollars(10));
  CHECK(bar.high == Dollars(12));
  CHECK(bar.low == Dollars(9));
  CHECK(bar.close == Dollars(11));
  CHECK(bar.volume == 20);
  CHECK(bar.ticks == 4);
  CHECK(bar.finished);
}

TEST_CASE_METHOD(ABuilder, "ticks within the grace make the same bar in any order, and are counted") {
  Tick(ATrade(11, kNine + 900ms));
  Tick(ATrade(12, kNine + 1'500ms));
  Tick(ATrade(10, kNine + 100ms));
  Tick(ATrade(9, kNine + 500ms));
  FinishAt(kNine + 10s);
  const auto seconds = Done(BarSpan::kSecond);
  REQUIRE(seconds.size() == 2);
  CHECK(seconds[0].open == Dollars(10));
  CHECK(seconds[0].low == Dollars(9));
  CHECK(seconds[0].close == Dollars(11));
  CHECK(builder.counts().reordered == 2);
  CHECK(builder.counts().late == 0);
}

TEST_CASE_METHOD(ABuilder, "a tick beyond the grace changes no bar and is counted") {
  Tick(ATrade(10, kNine));
  FinishAt(kNine + 3s);
  Tick(ATrade(99, kNine + 10ms), 3s);
  FinishAt(kNine + 100s);
  CHECK(builder.counts().late == 1);
  for (const LiveBar& bar : done) CHECK(bar.high == Dollars(10));
}

TEST_CASE_METHOD(ABuilder, "where nothing was told there is no bar") {
  Tick(ATrade(10, kNine));
  Tick(ATrade(11, kNine + 3min));
  FinishAt(kNine + 10min);
  const auto minutes = Done(BarSpan::kMinute);
  REQUIRE(minutes.size() == 2);
  CHECK(minutes[0].start == kNine);
  CHECK(minutes[1].start == kNine + 3min);
  CHECK(minutes[1].open == Dollars(11));
}

TEST_CASE_METHOD(ABuilder, "another source ends the bars, and neither's are complete") {
  builder.Tick(ATrade(10, kNine), kNine - 1min);
  Quote other = ATrade(20, kNine + 20s);
  other.source = "finnhub";
  Tick(other);
  FinishAt(kNine + 2min);
  const auto minutes = Done(BarSpan::kMinute);
  REQUIRE(minutes.size() == 2);
  CHECK(minutes[0].source == "test");
  CHECK(minutes[0].high == Dollars(10));
  CHECK(minutes[1].source == "finnhub");
  CHECK(minutes[1].low == Dollars(20));
  CHECK_FALSE(minutes[0].complete);
  CHECK_FALSE(minutes[1].complete);
}

TEST_CASE_METHOD(ABuilder, "a bar is complete when its source was heard from its start") {
  Tick(ATrade(10, kNine + 30s));
  Tick(ATrade(11, kNine + 70s));
  FinishAt(kNine + 10min);
  const auto minutes = Done(BarSpan::kMinute);
  REQUIRE(minutes.size() == 2);
  CHECK_FALSE(minutes[0].complete);
  CHECK(minutes[1].complete);
  for (const LiveBar& bar : Done(BarSpan::kFiveMinutes)) CHECK_FALSE(bar.complete);
}

TEST_CASE("ticks outside an exchange's session make no bar; days and weeks are named by their dates") {
  BarBuilder builder([](const Quote& tick) { return TradingDayAt("XNYS", tick.time); }, 2s);
  builder.Tick(ATrade(1, At("2026-11-20T14:29:59Z")), kNine);   // before the opening
  builder.Tick(ATrade(10, At("2026-11-20T14:30:00Z")), kNine);  // half past nine in New York
  builder.Tick(ATrade(11, At("2026-11-20T20:59:59Z")), kNine);
  builder.Tick(ATrade(99, At("2026-11-20T21:00:00Z")), kNine);  // closed
  builder.Tick(ATrade(99, At("2026-11-21T15:00:00Z")), kNine);  // Saturday
  CHECK(builder.counts().closed == 3);
  std::map<BarSpan, std::vector<LiveBar>> bars;
  for (const LiveBar& bar : builder.Finish(At("2026-11-23T00:00:02Z"))) bars[bar.span].push_back(bar);
  REQUIRE(bars[BarSpan::kDay].size() == 1);
  CHECK(bars[BarSpan::kDay][0].start == At("2026-11-20T00:00:00Z"));
  CHECK(bars[BarSpan::kDay][0].end == At("2026-11-20T21:00:00Z"));
  CHECK(bars[BarSpan::kDay][0].close == Dollars(11));
  REQUIRE(bars[BarSpan::kWeek].size() == 1);
  CHECK(bars[BarSpan::kWeek][0].start == At("2026-11-16T00:00:00Z"));
  CHECK(bars[BarSpan::kHour].size() == 2);
}

// Bars straight from the ticks, by definition.
std::vector<LiveBar> ByDefinition(std::vector<Quote> ticks, BarSpan span) {
  std::stable_sort(ticks.begin(), ticks.end(), [](const Quote& a, const Quote& b) { return a.time < b.time; });
  std::map<Timestamp, LiveBar> bars;
  for (const Quote& tick : ticks) {
    Timestamp start(tick.time.time_since_epoch() / LengthOf(span) * LengthOf(span));
    const auto [place, first] = bars.try_emplace(start);
    LiveBar& bar = place->second;
    if (first) bar.start = start, bar.open = bar.high = bar.low = tick.price;
    bar.high = std::max(bar.high, tick.price);
    bar.low = std::min(bar.low, tick.price);
    bar.close = tick.price;
    bar.volume += tick.volume;
  }
  std::vector<LiveBar> out;
  for (const auto& [start, bar] : bars) out.push_back(bar);
  return out;
}

TEST_CASE("every span below a day equals its definition, whatever the order within the grace") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    std::vector<Quote> ticks;
    Timestamp time = kNine;
    for (int i = 0; i < 2'000; ++i) {
      // Sometimes there is silence for minutes. Times never repeat, so that first and last are one tick each.
      time += random() % 200 == 0 ? std::chrono::microseconds(random() % 400'000'000)
                                  : std::chrono::microseconds(1 + random() % 900'000);
      ticks.push_back(ATrade(100 + 0.01 * static_cast<double>(random() % 1'000), time, random() % 50));
    }
    BarBuilder builder(AlwaysOpen, 2s);
    std::vector<LiveBar> done;
    const auto finish = [&](Timestamp now) {
      for (LiveBar& bar : builder.Finish(now)) done.push_back(std::move(bar));
    };
    // Each arrives up to 1.9 s late.
    std::vector<std::pair<Timestamp, Quote>> arrivals;
    for (const Quote& tick : ticks)
      arrivals.emplace_back(tick.time + std::chrono::microseconds(random() % 1'900'000), tick);
    std::sort(arrivals.begin(), arrivals.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [now, tick] : arrivals) {
      finish(now);
      builder.Tick(tick, now);
    }
    finish(time + std::chrono::hours(400));
    CHECK(builder.counts().late == 0);
    for (const BarSpan span : {BarSpan::kSecond, BarSpan::kFiveSeconds, BarSpan::kMinute, BarSpan::kFiveMinutes,
                               BarSpan::kQuarterHour, BarSpan::kHalfHour, BarSpan::kHour}) {
      INFO("seed " << seed << ", " << SpanName(span));
      const std::vector<LiveBar> wanted = ByDefinition(ticks, span);
      std::vector<LiveBar> made;
      for (const LiveBar& bar : done) {
        if (bar.span == span) made.push_back(bar);
      }
      REQUIRE(made.size() == wanted.size());
      for (std::size_t i = 0; i < made.size(); ++i) {
        CHECK(ToBar(made[i]) == ToBar(wanted[i]));
      }
    }
    // Minutes summed up are the longer bars from the ticks.
    const auto bars_of = [&](BarSpan span) {
      std::vector<Bar> bars;
      for (const LiveBar& bar : done) {
        if (bar.span == span) bars.push_back(ToBar(bar));
      }
      return bars;
    };
    CHECK(Aggregate(bars_of(BarSpan::kMinute), Interval::kFiveMinutes) == bars_of(BarSpan::kFiveMinutes));
    CHECK(Aggregate(bars_of(BarSpan::kMinute), Interval::kHour) == bars_of(BarSpan::kHour));
  }
}

TEST_CASE_METHOD(ABuilder, "growing bars hold what has come so far, and only of symbols that moved") {
  Tick(ATrade(10, kNine));
  Tick(ATrade(12, kNine + 61s));
  FinishAt(kNine + 62s);
  std::map<BarSpan, LiveBar> growing;
  for (const LiveBar& bar : builder.Growing()) growing[bar.span] = bar;
  CHECK(growing.at(BarSpan::kSecond).close == Dollars(12));
  CHECK(growing.at(BarSpan::kMinute).open == Dollars(12));
  CHECK(growing.at(BarSpan::kFiveMinutes).open == Dollars(10));
  CHECK(growing.at(BarSpan::kFiveMinutes).close == Dollars(12));
  CHECK_FALSE(growing.at(BarSpan::kFiveMinutes).finished);
  CHECK(builder.Growing().empty());
}

}  // namespace
}  // namespace papertape::market
