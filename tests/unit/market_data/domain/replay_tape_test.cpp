#include "services/market_data/domain/replay_tape.h"

#include <algorithm>

#include "tests/support/matchers.h"
#include "tests/unit/market_data/recorded_bars.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::ABar;
using testing::At;
using testing::Day;
using testing::Dollars;
using testing::Line;
using testing::RecordedBars;

using Lines = std::vector<std::string>;

// New York on Wednesday, the 1st of October 2008: 13:30 to 20:00 in UTC.
struct ATape {
  RecordedBars bars;
  ReplayTape Over(std::string_view first, std::string_view last, std::chrono::microseconds beat = 10h,
                  const std::vector<std::string_view>& exchanges = {"XNYS"}) {
    return {TradingTime::Of(exchanges, Day(first), Day(last)), bars, beat};
  }
  static std::vector<TapeMoment> All(ReplayTape tape) {
    std::vector<TapeMoment> moments;
    while ((*tape.NextAt()).has_value()) moments.push_back(tape.Take());
    return moments;
  }
  static Lines Told(ReplayTape tape) {
    Lines lines;
    for (TapeMoment& moment : All(std::move(tape))) {
      lines.push_back(Line({std::move(moment.quotes), {.session = 1, .clock = moment.time}}));
    }
    return lines;
  }
};

TEST_CASE_METHOD(ATape, "a day plays its open, the nearer extreme, the other and its close over the hours of trading") {
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-01"), 10, 11, 7, 8));
  bars.AddDaily("MSFT", "XNYS", ABar(Day("2008-10-01"), 20, 24, 19.5, 21));
  CHECK(Told(Over("2008-10-01", "2008-10-01")) == Lines{"1 13:30:00 AAPL 10 MSFT 20", "1 15:40:00 AAPL 11 MSFT 19.5",
                                                        "1 17:50:00 AAPL 7 MSFT 24", "1 19:59:59 AAPL 8 MSFT 21",
                                                        "1 20:00:00"});
}

TEST_CASE_METHOD(ATape, "a short day's prices lie within its hours, and the clock goes on at the next open") {
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-11-28"), 10, 11, 7, 8));
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-12-01"), 9, 9, 9, 9));
  CHECK(Told(Over("2008-11-28", "2008-12-01")) ==
        Lines{"1 14:30:00 AAPL 10", "1 15:40:00 AAPL 11", "1 16:50:00 AAPL 7", "1 17:59:59 AAPL 8", "1 18:00:00",
              "1 14:30:00 AAPL 9", "1 16:40:00 AAPL 9", "1 18:50:00 AAPL 9", "1 20:59:59 AAPL 9", "1 21:00:00"});
}

TEST_CASE_METHOD(ATape, "minutes are played in place of the day where there are any, merged in the market's time") {
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-01"), 1, 1, 1, 1));
  bars.AddMinute("AAPL", "XNYS", ABar(At("2008-10-01T13:31:00Z"), 10, 12, 9, 11));
  bars.AddMinute("MSFT", "XNYS", ABar(At("2008-10-01T13:31:00Z"), 20, 20, 20, 20));
  bars.AddMinute("AAPL", "XNYS", ABar(At("2008-10-01T20:30:00Z"), 99, 99, 99, 99));  // after the close
  CHECK(Told(Over("2008-10-01", "2008-10-01")) == Lines{"1 13:30:00", "1 13:31:00 AAPL 10 MSFT 20",
                                                        "1 13:31:20 AAPL 9 MSFT 20", "1 13:31:40 AAPL 12 MSFT 20",
                                                        "1 13:31:59 AAPL 11 MSFT 20", "1 20:00:00"});
}

TEST_CASE_METHOD(ATape, "a price is repeated at every beat from when it is made until its exchange closes") {
  bars.AddMinute("AAPL", "XNYS", ABar(At("2008-10-01T19:58:00Z"), 10, 10, 10, 10));
  const Lines told = Told(Over("2008-10-01", "2008-10-01", 30s));
  CHECK(std::count(told.begin(), told.end(), "1 19:57:30") == 1);
  const Lines last(told.end() - 8, told.end());
  CHECK(last == Lines{"1 19:58:00 AAPL 10", "1 19:58:20 AAPL 10", "1 19:58:30 AAPL 10", "1 19:58:40 AAPL 10",
                      "1 19:58:59 AAPL 10", "1 19:59:00 AAPL 10", "1 19:59:30 AAPL 10", "1 20:00:00"});
}

TEST_CASE_METHOD(ATape, "an exchange that has closed is not quoted while another trades") {
  bars.AddDaily("^NSEI", "XNSE", ABar(Day("2008-10-01"), 1, 1, 1, 1));
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-01"), 10, 10, 10, 10));
  for (const TapeMoment& moment : All(Over("2008-10-01", "2008-10-01", 1h, {"XNSE", "XNYS"}))) {
    for (const Quote& quote : moment.quotes) {
      CHECK((quote.symbol == "AAPL") == (moment.time >= At("2008-10-01T13:30:00Z")));
    }
  }
}

TEST_CASE_METHOD(ATape, "a symbol without a bar of a day is not quoted on it, and neither is one on its holiday") {
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-01"), 10, 10, 10, 10));
  bars.AddDaily("MSFT", "XNYS", ABar(Day("2008-10-02"), 20, 20, 20, 20));
  bars.AddDaily("^NSEI", "XNSE", ABar(Day("2008-10-02"), 1, 1, 1, 1));  // the birthday of Gandhi
  for (const TapeMoment& moment : All(Over("2008-10-02", "2008-10-02", 1h, {"XNSE", "XNYS"}))) {
    for (const Quote& quote : moment.quotes) CHECK(quote.symbol == "MSFT");
  }
}

TEST_CASE_METHOD(ATape,
                 "a quote has the market's time, the previous close, and the day's range so far and no further") {
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-01"), 10, 11, 7, 8), 9.5);
  const std::vector<TapeMoment> moments = All(Over("2008-10-01", "2008-10-01"));
  const std::vector<std::pair<double, double>> ranges{{10, 10}, {10, 11}, {7, 11}, {7, 11}};
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const Quote& quote = moments[i].quotes.front();
    CHECK(quote.time == moments[i].time);
    CHECK(quote.previous_close == Dollars(9.5));
    CHECK(quote.source == "replay");
    CHECK_FALSE(quote.traded);
    CHECK(std::pair(quote.day_low, quote.day_high) == std::pair(Dollars(ranges[i].first), Dollars(ranges[i].second)));
  }
}

TEST_CASE_METHOD(ATape, "nothing is told before its time: what lies ahead does not change what has been told") {
  const auto told_until = [&](double later) {
    bars.AddMinute("AAPL", "XNYS", ABar(At("2008-10-01T13:30:00Z"), 10, 12, 9, 11));
    bars.AddMinute("AAPL", "XNYS", ABar(At("2008-10-01T15:00:00Z"), later, later, later, later));
    bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-02"), later, later, later, later));
    Lines lines = Told(Over("2008-10-01", "2008-10-02", 5min));
    bars = RecordedBars();
    return Lines(lines.begin(), std::find(lines.begin(), lines.end(), "1 14:55:00 AAPL 11") + 1);
  };
  const Lines told = told_until(100);
  CHECK(told.size() > 15);
  CHECK(told == told_until(1));
}

TEST_CASE_METHOD(ATape, "passing over leads to the same moments as having told them, and recalls what they said last") {
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-01"), 10, 11, 7, 8));
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-02"), 20, 21, 17, 18));
  const Lines whole = Told(Over("2008-10-01", "2008-10-02", 1h));
  const std::vector<TapeMoment> moments = All(Over("2008-10-01", "2008-10-02", 1h));
  for (std::size_t i = 0; i < moments.size(); ++i) {
    ReplayTape tape = Over("2008-10-01", "2008-10-02", 1h);
    const auto recalled = tape.PassOver(moments[i].time);
    REQUIRE_THAT(recalled.status(), IsOk());
    REQUIRE(recalled->size() == 1);
    if (!moments[i].quotes.empty()) CHECK(recalled->front() == moments[i].quotes.front());
    const Lines rest = Told(std::move(tape));
    CHECK(rest == Lines(whole.begin() + static_cast<std::ptrdiff_t>(i) + 1, whole.end()));
  }
}

TEST_CASE_METHOD(ATape, "a day that cannot be read can be asked for again") {
  bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-01"), 10, 11, 7, 8));
  ReplayTape tape = Over("2008-10-01", "2008-10-01");
  bars.away = true;
  CHECK_THAT(tape.NextAt().status(), HasReason(Reason::kUNAVAILABLE));
  bars.away = false;
  const Lines told = Told(std::move(tape));
  CHECK(told.size() == 5);
}

}  // namespace
}  // namespace papertape::market
