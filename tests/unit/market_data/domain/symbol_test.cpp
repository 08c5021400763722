#include "services/market_data/domain/symbol.h"

#include "tests/support/catch.h"

namespace papertape::market {
namespace {

TEST_CASE("a leading dot is the caret of an index") {
  CHECK(NormalizeSymbol(".NSEI") == "^NSEI");
  CHECK(NormalizeSymbol("^NSEI") == "^NSEI");
}

TEST_CASE("symbols are upper case and keep the dot of their exchange") {
  CHECK(NormalizeSymbol("aapl") == "AAPL");
  CHECK(NormalizeSymbol("reliance.ns") == "RELIANCE.NS");
}

TEST_CASE("text that can be no symbol names nothing") {
  CHECK(NormalizeSymbol("").empty());
  CHECK(NormalizeSymbol("AA PL").empty());
  CHECK(NormalizeSymbol("AAPL'; drop").empty());
  CHECK(NormalizeSymbol("\xC3\x84").empty());
  CHECK(NormalizeSymbol(std::string(33, 'A')).empty());
}

}  // namespace
}  // namespace papertape::market
