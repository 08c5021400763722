#include "services/market_data/rpc/import_messages.h"

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::Day;

TEST_CASE("every wrong field of an import is named at once") {
  pb::ImportBarsRequest request;
  request.set_time_zone("EST");
  request.set_interval("1w");
  request.set_symbol("not a symbol");
  const absl::Status refused = Decode(request).status();
  for (const char* const field : {"csv", "time_zone", "interval", "symbol"}) CHECK_THAT(refused, NamesField(field));
  request = {};
  request.set_csv("symbol,date");
  const auto decoded = Decode(request);
  REQUIRE_THAT(decoded.status(), IsOk());
  CHECK(decoded->format.interval == Interval::kDay);
  CHECK_FALSE(decoded->dry_run);
}

TEST_CASE("an import's report reads back as it was written: a repeated request gets the first answer") {
  const ImportReport report{.dry_run = true,
                            .rows = 5,
                            .refused = 2,
                            .symbols = {{.symbol = "AAPL",
                                         .rows = 3,
                                         .added = 1,
                                         .corrected = 1,
                                         .known = 1,
                                         .first = Day("2024-05-06"),
                                         .last = Day("2024-05-08")}},
                            .refusals = {{3, "AAPL", "jump", "far"}, {7, "", "malformed", "odd"}}};
  pb::ImportReport first;
  Encode(report, first);
  CHECK(first.bars_added() == 1);
  CHECK(first.bars_known() == 1);
  CHECK(first.symbols(0).last() == "2024-05-08");
  CHECK_FALSE(first.refused(1).has_symbol());
  ImportReport kept;
  Decode(first, kept);
  pb::ImportReport again;
  Encode(kept, again);
  CHECK(again.SerializeAsString() == first.SerializeAsString());
}

}  // namespace
}  // namespace papertape::market
