// market_data itself, killed at moments of chance while it ingests: no gap, no duplicate, and counts that are right.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <random>
#include <string>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/session_gaps.h"
#include "services/market_data/store/pg_ingestion_jobs.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/process.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Eventually;
using papertape::testing::IsOk;
using papertape::testing::Process;
using testing::Day;
using testing::MarketDatabase;
using testing::MarketFolder;

constexpr int kKills = 12;

// Every session of five years, each bar unlike the others.
struct Recorded {
  std::string csv = "date,open,high,low,close,volume\n";
  std::vector<Timestamp> days = FinishedSessions("XNAS", Day("2015-01-01"), Day("2019-12-31"), Day("2020-06-01"));
  Recorded() {
    int number = 0;
    for (const Timestamp day : days) {
      const int close = 100 + number % 20;
      csv += fmt::format("{},{},{},{},{},{}\n", FormatDate(day), close, close + 1, close - 1, close, ++number);
    }
  }
};

struct AKilledIngestion : MarketDatabase {
  papertape::testing::TestRedis redis;
  Recorded recorded;
  MarketFolder folder{{"AAPL.csv", recorded.csv}, {"MSFT.csv", recorded.csv}};
  PgIngestionJobs jobs{*pool};

  std::unique_ptr<Process> Start() {
    return std::make_unique<Process>(
        std::vector<std::string>{PAPERTAPE_MARKET_DATA_PROGRAM},
        std::map<std::string, std::string>{{"DATABASE_URL", database.dsn()},
                                           {"REDIS_URL", redis.url()},
                                           {"SECRET_KEY", "a secret of the suite, at least 32 bytes"},
                                           {"PAPERTAPE_LISTEN", "unix:" + folder.path() + "/grpc.sock"},
                                           {"PAPERTAPE_MARKET_FILES", folder.path()},
                                           {"PAPERTAPE_INGESTION_LEASE_MS", "200"},
                                           {"PAPERTAPE_INGESTION_SESSIONS", "7"}});
  }
  IngestionJob Find(std::int64_t id) {
    auto job = jobs.Find(id);
    REQUIRE_THAT(job.status(), IsOk());
    return *std::move(job);
  }
};

TEST_CASE_METHOD(AKilledIngestion, "market_data killed at any point of an ingestion leaves no gap and no duplicate") {
  const auto id = jobs.Create({.symbols = {"AAPL", "MSFT"},
                               .first_day = Day("2015-01-01"),
                               .last_day = Day("2019-12-31"),
                               .provider = "embedded"},
                              {});
  REQUIRE_THAT(id.status(), IsOk());
  std::mt19937 chance(20'241'121);  // NOLINT: the same kills in every run
  const auto all = static_cast<std::int64_t>(recorded.days.size());
  int killed_at_work = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    // Somewhere in the next thirteenth of the work, at a moment that has nothing to do with commits.
    const std::int64_t until =
        Find(*id).total.sessions_asked + static_cast<std::int64_t>(chance()) % (2 * all / (kKills + 1));
    const std::unique_ptr<Process> program = Start();
    REQUIRE(Eventually(30s, [&] {
      const IngestionJob job = Find(*id);
      return job.total.sessions_asked > until || JobStateName(job.counts) == "done";
    }));
    killed_at_work += JobStateName(Find(*id).counts) == "done" ? 0 : 1;
    program->Kill();
  }
  CHECK(killed_at_work >= kKills / 2);
  const std::unique_ptr<Process> program = Start();
  REQUIRE(Eventually(60s, [&] { return JobStateName(Find(*id).counts) == "done"; }));
  program->Signal(SIGTERM);
  CHECK(program->Wait(20s) == 0);

  const IngestionJob job = Find(*id);
  CHECK(job.total.added == 2 * all);
  CHECK(job.total.sessions_asked == 2 * all);
  CHECK(job.total.missing == 0);
  for (const char* const symbol : {"AAPL", "MSFT"}) {
    CAPTURE(symbol);
    // Each volume once: each bar, once, as it was recorded.
    CHECK(database.Execute(fmt::format("select concat_ws(' ', count(*), count(distinct volume), min(volume), "
                                       "max(volume)) from market_data.bars where symbol = '{}'",
                                       symbol)) == fmt::format("{0} {0} 1 {0}", all));
  }
}

}  // namespace
}  // namespace papertape::market
