#include "libs/clock/fake_clock.h"
#include "services/market_data/domain/bar_import.h"
#include "services/market_data/store/pg_import_store.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::At;
using testing::MarketDatabase;

struct NoSplits final : SplitHistory {
  std::vector<CorporateAction> Recorded(const std::string& /*symbol*/, Timestamp /*from*/,
                                        Timestamp /*until*/) override {
    return {};
  }
  std::vector<CorporateAction> Asked(const Instrument& /*instrument*/, Timestamp /*from*/, Timestamp /*until*/,
                                     Instant /*deadline*/) override {
    return {};
  }
};
struct Uncounted final : IngestionTally {
  void Wrote(std::string_view /*source*/, const Written& /*written*/) override {}
  void Suspected(const std::vector<Suspect>& /*suspects*/) override {}
  void Finished(TaskState /*state*/) override {}
};

struct AnImport : MarketDatabase {
  FakeClock clock{At("2024-06-05T15:00:00Z")};
  NoSplits splits;
  Uncounted tally;
  PgImportStore store{*pool};
  BarImport import{
      {.instruments = instruments, .bars = bars, .splits = splits, .store = store, .tally = tally, .clock = clock}, 40};

  ImportReport Run(const ImportRequest& request, const idempotency::Repeatable<ImportReport>& repeatable = {}) {
    auto report = import.Run(request, repeatable);
    REQUIRE_THAT(report.status(), IsOk());
    return *std::move(report);
  }
  std::string Closes() const {
    return database.Execute(
        "select string_agg(concat_ws(' ', symbol, time::date, close::float8, source), ', ' order by symbol, time) "
        "from market_data.bars");
  }
};

// Backwards, as many files are; the last line stands for what strangers send.
constexpr std::string_view kFile =
    "symbol,date,open,high,low,close,volume\n"
    "AAPL,2024-05-08,10,12,9,11,100\n"
    "AAPL,2024-05-07,10,12,9,10,100\n"
    "MSFT,2024-05-07,20,22,19,21,100\n"
    "AAPL,2024-05-07,10,12,9,10.5,100\n"
    "AAPL,2024-05-11,10,12,9,11,100\n"
    "AAPL,2024-05-09,10,9,12,11,100\n"
    "NOBODY,2024-05-07,1,1,1,1,1\n"
    "AAPL,2024-05-10,90,92,89,91,100\n"
    "AAPL,2025-05-12,10,12,9,11,100\n"
    "AAPL,today,10,12,9,11,100\n";

TEST_CASE_METHOD(AnImport, "a file's good lines become bars, the others are told by number and reason") {
  const ImportReport report = Run({.csv = kFile});
  CHECK(report.rows == 10);
  CHECK(report.refused == 7);
  REQUIRE(report.symbols.size() == 2);
  CHECK(report.symbols[0].symbol == "AAPL");
  CHECK(report.symbols[0].added == 2);
  CHECK(report.symbols[1].added == 1);
  std::vector<std::string> told;
  for (const RefusedRow& row : report.refusals) told.push_back(std::to_string(row.line) + " " + row.reason);
  CHECK(told == std::vector<std::string>{"5 out_of_order", "6 no_session", "7 incoherent", "8 unknown_symbol", "9 jump",
                                         "10 from_the_future", "11 malformed"});
  CHECK(report.refusals[0].message == "has the time of line 3");
  CHECK(Closes() == "AAPL 2024-05-07 10 import, AAPL 2024-05-08 11 import, MSFT 2024-05-07 21 import");
  CHECK(database.Execute("select string_agg(reason, ' ' order by reason) from market_data.quarantine") ==
        "from_the_future incoherent jump no_session");
}

TEST_CASE_METHOD(AnImport, "a dry run says the same and leaves nothing behind") {
  const ImportReport dry = Run({.csv = kFile, .dry_run = true});
  CHECK(dry.dry_run);
  CHECK(dry.symbols[0].added == 2);
  CHECK(dry.refusals == Run({.csv = kFile, .dry_run = true}).refusals);
  CHECK(database.Execute("select count(*) from market_data.bars") == "0");
  CHECK(database.Execute("select count(*) from market_data.quarantine") == "0");
}

TEST_CASE_METHOD(AnImport, "the same file again changes nothing, and other prices only when told to overwrite") {
  Run({.csv = kFile});
  const ImportReport again = Run({.csv = kFile});
  CHECK(again.symbols[0].added == 0);
  CHECK(again.symbols[0].known == 2);
  const std::string_view other = "symbol,date,open,high,low,close\nAAPL,2024-05-08,10,12,9,11.5\n";
  CHECK(Run({.csv = other}).symbols[0].known == 1);
  CHECK(database.Execute("select close::float8 from market_data.bars where symbol = 'AAPL' and time = '2024-05-08'") ==
        "11");
  const ImportReport overwriting = Run({.csv = other, .overwrite = true});
  CHECK(overwriting.symbols[0].corrected == 1);
  CHECK(database.Execute("select close::float8 from market_data.bars where symbol = 'AAPL' and time = '2024-05-08'") ==
        "11.5");
}

TEST_CASE_METHOD(AnImport, "minutes are imported by their zone") {
  const ImportReport report =
      Run({.csv = "time,open,high,low,close\n2024-05-06 09:15,1,2,1,2\n2024-05-06 09:16,2,2,2,2\n",
           .format = {.symbol = "^NSEI", .interval = Interval::kMinute, .clock = *WallClock::Named("Asia/Kolkata")}});
  CHECK(report.symbols[0].added == 2);
  CHECK(report.symbols[0].first == At("2024-05-06T03:45:00Z"));
  CHECK(database.Execute("select string_agg(distinct span, ' ') from market_data.bars") == "1m");
}

TEST_CASE_METHOD(AnImport, "the same Idempotency-Key imports once and gets the first answer") {
  const idempotency::Repeatable<ImportReport> repeatable{
      .key = {.user_id = 7, .text = "k", .fingerprint = "file"},
      .encode = [](const ImportReport& report) { return std::to_string(report.symbols[0].added); },
      .decode =
          [](std::string_view text) {
            return ImportReport{.symbols = {{.symbol = "AAPL", .added = text.front() - '0'}}};
          }};
  CHECK(Run({.csv = kFile}, repeatable).symbols[0].added == 2);
  CHECK(Run({.csv = kFile}, repeatable).symbols[0].added == 2);
}

TEST_CASE_METHOD(AnImport, "a file whose header says nothing is refused whole") {
  CHECK_THAT(import.Run({.csv = "a,b\n1,2\n"}, {}).status(), HasReason(Reason::kINVALID_ARGUMENT));
}

}  // namespace
}  // namespace papertape::market
