#include "services/market_data/domain/quote_book.h"

#include <chrono>

#include "libs/clock/fake_clock.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using std::chrono::milliseconds;
using testing::AQuote;
using testing::Dollars;

struct ABook {
  FakeClock clock;
  QuoteBook book{milliseconds(5'000), clock};
  ABook() { book.Admit({"AAPL", "^NSEI"}); }
};

TEST_CASE_METHOD(ABook, "the book answers the newest quote of a symbol in any of its spellings") {
  book.Apply({AQuote("^NSEI", 25'000, clock.Now()), AQuote("^NSEI", 25'001, clock.Now() + milliseconds(1))});
  for (const char* const spelling : {"^NSEI", ".NSEI", "^nsei"}) {
    const auto quote = book.Get(spelling);
    REQUIRE_THAT(quote.status(), IsOk());
    CHECK(quote->price == Dollars(25'001));
  }
}

TEST_CASE_METHOD(ABook, "an older quote never replaces a newer one") {
  book.Apply({AQuote("AAPL", 200, clock.Now())});
  CHECK(book.Apply({AQuote("AAPL", 199, clock.Now() - milliseconds(1))}).empty());
  CHECK(book.Get("AAPL")->price == Dollars(200));
}

TEST_CASE_METHOD(ABook, "applying answers each changed slot once and passes over unknown symbols") {
  const auto changed = book.Apply({AQuote("^NSEI", 1, clock.Now()), AQuote("NOPE", 1, clock.Now()),
                                   AQuote("AAPL", 1, clock.Now()), AQuote("^NSEI", 2, clock.Now())});
  CHECK(changed == std::vector<Slot>{0, 1});
}

TEST_CASE_METHOD(ABook, "an unknown symbol and an unquoted one are told apart") {
  const absl::Status unknown = book.Get("NOPE").status();
  CHECK_THAT(unknown, HasReason(Reason::kUNKNOWN_SYMBOL));
  CHECK(DetailsOf(unknown).metadata.at("symbol") == "NOPE");
  CHECK_THAT(book.Get("AAPL").status(), HasReason(Reason::kQUOTE_STALE));
}

TEST_CASE_METHOD(ABook, "a quote is stale when it is older than the limit") {
  CHECK_FALSE(book.AnyFresh());
  const Quote quote = AQuote("AAPL", 200, clock.Now());
  book.Apply({quote});
  clock.Advance(milliseconds(5'000));
  CHECK_FALSE(book.IsStale(quote));
  CHECK(book.AnyFresh());
  clock.Advance(std::chrono::microseconds(1));
  CHECK(book.IsStale(quote));
  CHECK_FALSE(book.AnyFresh());
}

TEST_CASE("another source's quote counts whatever its time, and from then on its own time") {
  FakeClock clock;
  QuoteBook book(milliseconds(5'000), clock);
  book.Admit({"AAPL"});
  const auto from = [&](const char* source, double price, std::chrono::seconds at) {
    Quote quote = AQuote("AAPL", price, clock.Now() + at);
    quote.source = source;
    return quote;
  };
  (void)book.Apply({from("simulator", 200, std::chrono::seconds(10))});
  CHECK(book.Apply({from("finnhub", 187, std::chrono::seconds(-3'600))}).size() == 1);
  CHECK(book.Get("AAPL")->source == "finnhub");
  CHECK(book.IsStale(*book.Get("AAPL")));
  CHECK(book.Apply({from("finnhub", 186, std::chrono::seconds(-3'700))}).empty());
  CHECK(book.Get("AAPL")->price == Dollars(187));
}

}  // namespace
}  // namespace papertape::market
