#include "services/market_data/domain/trading_time.h"

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using testing::At;
using testing::Day;

TEST_CASE("the clock goes from a close to the next open, over nights, weekends and holidays") {
  // Wednesday the 26th of November 2008; Thanksgiving; a Friday that closes at one; Monday.
  const TradingTime time = TradingTime::Of({"XNYS"}, Day("2008-11-26"), Day("2008-12-01"));
  CHECK(time.stretches().size() == 3);
  CHECK(time.begin() == At("2008-11-26T14:30:00Z"));
  CHECK(time.end() == At("2008-12-01T21:00:00Z"));
  CHECK(time.total() == 390min + 210min + 390min);
  CHECK(time.After(390min) == At("2008-11-28T14:30:00Z"));
  CHECK(time.After(390min - 1us) == At("2008-11-26T20:59:59.999999Z"));
  CHECK(time.After(600min) == At("2008-12-01T14:30:00Z"));
  CHECK(time.Before(At("2008-11-27T12:00:00Z")) == 390min);
  CHECK(time.OpenAtOrAfter(At("2008-11-28T18:00:00Z")) == At("2008-12-01T14:30:00Z"));
}

TEST_CASE("an open stays at half past nine on the wall when the clocks change") {
  // In 2008 the United States' clocks went back on Sunday, the 2nd of November.
  const TradingTime time = TradingTime::Of({"XNYS"}, Day("2008-10-31"), Day("2008-11-03"));
  CHECK(time.begin() == At("2008-10-31T13:30:00Z"));
  CHECK(time.After(390min) == At("2008-11-03T14:30:00Z"));
  CHECK(time.end() == At("2008-11-03T21:00:00Z"));
}

TEST_CASE("exchanges that trade at the same time share it, and those apart follow one another") {
  const TradingTime together = TradingTime::Of({"XNYS", "XNAS"}, Day("2024-05-07"), Day("2024-05-07"));
  CHECK(together.total() == 390min);
  const TradingTime apart = TradingTime::Of({"XNSE", "XNYS"}, Day("2024-05-07"), Day("2024-05-07"));
  CHECK(apart.stretches().size() == 2);
  CHECK(apart.After(375min) == At("2024-05-07T13:30:00Z"));
}

TEST_CASE("an exchange without a calendar trades round the clock") {
  const TradingTime time = TradingTime::Of({"MOON"}, Day("2024-05-11"), Day("2024-05-12"));
  CHECK(time.stretches().size() == 1);
  CHECK(time.total() == 48h);
}

TEST_CASE("what lies before a moment and the moment after so much are each other's inverse while there is trading") {
  const TradingTime time = TradingTime::Of({"XNYS", "XNSE"}, Day("2008-10-20"), Day("2008-11-10"));
  for (auto trading = 0us; trading < time.total(); trading += 7min) CHECK(time.Before(time.After(trading)) == trading);
}

TEST_CASE("nothing lies outside the first opening and the last close") {
  const TradingTime time = TradingTime::Of({"XNYS"}, Day("2008-10-01"), Day("2008-10-01"));
  CHECK(time.Before(Day("2000-01-01")) == 0us);
  CHECK(time.Before(Day("2020-01-01")) == time.total());
  CHECK(time.After(-1s) == time.begin());
  CHECK(time.After(99h) == time.end());
  CHECK(TradingTime::Of({"XNYS"}, Day("2008-10-04"), Day("2008-10-05")).empty());
}

}  // namespace
}  // namespace papertape::market
