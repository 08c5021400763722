#include "services/market_data/domain/quote_selection.h"

#include <chrono>

#include "libs/clock/fake_clock.h"
#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using testing::AQuote;

struct AReader {
  FakeClock clock;
  QuoteBook book{std::chrono::milliseconds(5'000), clock};
  AReader() {
    book.Admit({"AAPL", "MSFT", "^NSEI"});
    Quoted("AAPL", 200);
    Quoted("^NSEI", 25'000);
  }
  QuoteSelection selection() const { return QuoteSelection(book); }
  std::vector<Slot> Quoted(const std::string& symbol, double price) {
    clock.Advance(std::chrono::milliseconds(1));
    return book.Apply({AQuote(symbol, price, clock.Now())});
  }
};

std::vector<std::string> Taken(QuoteSelection& selection) {
  std::vector<std::string> lines;
  const TapeBatch taken = selection.Take();
  for (const Quote& quote : taken.quotes) lines.push_back(quote.symbol + " " + Format(quote.price));
  return lines;
}

using Lines = std::vector<std::string>;

TEST_CASE_METHOD(AReader, "an added symbol is due at once, in any spelling, and only once") {
  QuoteSelection reader = selection();
  reader.Add({".NSEI", "^NSEI", "aapl"});
  CHECK(reader.AnyDue());
  CHECK(Taken(reader) == Lines{"^NSEI 25000", "AAPL 200"});
  CHECK_FALSE(reader.AnyDue());
}

TEST_CASE_METHOD(AReader, "an unknown symbol is passed over and one without a quote waits for its first") {
  QuoteSelection reader = selection();
  reader.Add({"NOPE", "MSFT"});
  CHECK(Taken(reader).empty());
  reader.Changed(Quoted("MSFT", 28));
  CHECK(Taken(reader) == Lines{"MSFT 28"});
}

TEST_CASE_METHOD(AReader, "a star is every symbol") {
  QuoteSelection reader = selection();
  reader.Add({"*"});
  CHECK(Taken(reader) == Lines{"AAPL 200", "^NSEI 25000"});
  reader.Changed(Quoted("MSFT", 28));
  CHECK(Taken(reader) == Lines{"MSFT 28"});
  reader.Remove({"*"});
  reader.Changed(Quoted("MSFT", 29));
  CHECK_FALSE(reader.AnyDue());
}

TEST_CASE_METHOD(AReader, "a slow reader gets the newest quote, not the backlog") {
  QuoteSelection reader = selection();
  reader.Add({"AAPL"});
  for (int price = 201; price <= 300; ++price) reader.Changed(Quoted("AAPL", price));
  CHECK(Taken(reader) == Lines{"AAPL 300"});
}

TEST_CASE_METHOD(AReader, "what was removed is neither due nor told again") {
  QuoteSelection reader = selection();
  reader.Add({"AAPL", "^NSEI"});
  reader.Remove({"AAPL"});
  CHECK(Taken(reader) == Lines{"^NSEI 25000"});
  reader.Changed(Quoted("AAPL", 201));
  CHECK_FALSE(reader.AnyDue());
  reader.Add({"AAPL"});
  CHECK(Taken(reader) == Lines{"AAPL 201"});
}

}  // namespace
}  // namespace papertape::market
