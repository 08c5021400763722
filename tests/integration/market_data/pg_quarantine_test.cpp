#include "services/market_data/store/pg_quarantine.h"

#include "tests/integration/market_data/market_database.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using testing::Day;
using testing::MarketDatabase;

Suspect Crossed(const char* day) {
  return {.symbol = "AAPL",
          .span = "1d",
          .source = "tiingo",
          .time = Day(day),
          .suspicion = Suspicion::kIncoherent,
          .detail = "low 11 is above high 10",
          .content = R"({"low":11,"high":10})"};
}

TEST_CASE_METHOD(MarketDatabase, "a suspect is kept with what was said of it") {
  PgQuarantine quarantine(*pool);
  REQUIRE_THAT(quarantine.Add({Crossed("2024-05-06")}), IsOk());
  CHECK(database.Execute("select concat_ws('|', symbol, span, source, reason, detail, content, times) "
                         "from market_data.quarantine") ==
        R"(AAPL|1d|tiingo|incoherent|low 11 is above high 10|{"low":11,"high":10}|1)");
}

TEST_CASE_METHOD(MarketDatabase, "the same suspect again is counted, in one batch and in two") {
  PgQuarantine quarantine(*pool);
  REQUIRE_THAT(quarantine.Add({Crossed("2024-05-06"), Crossed("2024-05-06"), Crossed("2024-05-07")}), IsOk());
  REQUIRE_THAT(quarantine.Add({Crossed("2024-05-06")}), IsOk());
  CHECK(database.Execute("select string_agg(times::text, ' ' order by time) from market_data.quarantine") == "3 1");
}

TEST_CASE_METHOD(MarketDatabase, "bytes that no text may hold are kept as question marks, and long content is cut") {
  PgQuarantine quarantine(*pool);
  Suspect suspect = Crossed("2024-05-06");
  suspect.content = std::string("a\0b\xFF", 4);
  suspect.content.append(2'000, 'x');
  REQUIRE_THAT(quarantine.Add({suspect}), IsOk());
  CHECK(database.Execute("select left(content, 4) || length(content) from market_data.quarantine") == "a?b?1000");
}

TEST_CASE_METHOD(MarketDatabase, "nothing suspicious asks nothing of the database") {
  CHECK_THAT(PgQuarantine(*pool).Add(std::vector<Suspect>{}), IsOk());
}

}  // namespace
}  // namespace papertape::market
