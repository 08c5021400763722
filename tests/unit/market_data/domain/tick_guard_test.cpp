#include "services/market_data/domain/tick_guard.h"

#include <chrono>

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using testing::AQuote;
using testing::At;
using testing::Dollars;

const Timestamp kNow = At("2026-11-20T15:00:00Z");

struct AGuard {
  TickGuard guard{{.ahead = 5s, .jump_percent = 20}};
  Timestamp now = kNow;
  std::optional<Suspicion> Check(const Quote& quote) {
    const std::optional<Suspect> suspect = guard.Check(quote, now);
    if (!suspect) return std::nullopt;
    CHECK(suspect->symbol == quote.symbol);
    CHECK(suspect->span == "tick");
    CHECK(suspect->source == quote.source);
    CHECK_FALSE(suspect->detail.empty());
    return suspect->suspicion;
  }
  std::optional<Suspicion> Check(double price, std::chrono::seconds after = 0s) {
    return Check(AQuote("AAPL", price, kNow + after));
  }
};

TEST_CASE_METHOD(AGuard, "prices that move as prices do are believed") {
  for (int i = 0; i < 10; ++i) CHECK_FALSE(Check(100 + 10 * i, std::chrono::seconds(i / 2)));
}

TEST_CASE_METHOD(AGuard, "each kind of nonsense has its name") {
  CHECK(Check(0) == Suspicion::kNonPositive);
  CHECK(Check(-1) == Suspicion::kNonPositive);
  CHECK(Check(100, 6s) == Suspicion::kFromTheFuture);
  CHECK_FALSE(Check(100, 5s));
  CHECK(Check(100, 4s) == Suspicion::kOutOfOrder);
  CHECK(Check(121, 5s) == Suspicion::kJump);
  CHECK(Check(79, 5s) == Suspicion::kJump);
  Quote outside = AQuote("AAPL", 100, kNow + 5s);
  outside.day_low = Dollars(101);
  outside.day_high = Dollars(105);
  CHECK(Check(outside) == Suspicion::kOutsideDay);
  outside.price = Dollars(105.01);
  CHECK(Check(outside) == Suspicion::kOutsideDay);
  outside.price = Dollars(105);
  CHECK_FALSE(Check(outside));
}

TEST_CASE_METHOD(AGuard, "a jump that three quotes in a row agree on is believed; a single one never is") {
  CHECK_FALSE(Check(100));
  CHECK(Check(200) == Suspicion::kJump);
  CHECK_FALSE(Check(101));
  CHECK(Check(200) == Suspicion::kJump);
  CHECK(Check(50) == Suspicion::kJump);
  CHECK(Check(51) == Suspicion::kJump);
  CHECK_FALSE(Check(52));
  CHECK_FALSE(Check(53));
  CHECK(Check(100) == Suspicion::kJump);
}

TEST_CASE_METHOD(AGuard, "symbols are judged apart, and a jump of any size can be allowed") {
  CHECK_FALSE(Check(100));
  CHECK_FALSE(Check(AQuote("MSFT", 400, kNow - 1h)));
  TickGuard patient({.jump_percent = 0});
  CHECK_FALSE(patient.Check(AQuote("AAPL", 100, kNow), kNow));
  CHECK_FALSE(patient.Check(AQuote("AAPL", 100'000, kNow), kNow));
}

}  // namespace
}  // namespace papertape::market
