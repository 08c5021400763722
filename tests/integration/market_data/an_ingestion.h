// Jobs, tasks and their worker on a real database; the provider is told what it knows.
#pragma once

#include "libs/clock/fake_clock.h"
#include "services/market_data/domain/ingestion.h"
#include "services/market_data/domain/ingestion_worker.h"
#include "services/market_data/store/pg_ingestion_jobs.h"
#include "services/market_data/store/pg_ingestion_tasks.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/integration/market_data/told_history.h"
#include "tests/support/matchers.h"

namespace papertape::market::testing {

using namespace std::chrono_literals;
using papertape::testing::IsOk;

struct ToldSplits final : SplitHistory {
  std::vector<CorporateAction> Recorded(const std::string& /*symbol*/, Timestamp from, Timestamp until) override {
    return Within(recorded, from, until);
  }
  std::vector<CorporateAction> Asked(const Instrument& /*instrument*/, Timestamp from, Timestamp until,
                                     Instant /*deadline*/) override {
    ++asked;
    return Within(told, from, until);
  }
  static std::vector<CorporateAction> Within(const std::vector<CorporateAction>& all, Timestamp from, Timestamp until) {
    std::vector<CorporateAction> within;
    for (const CorporateAction& action : all) {
      if (action.ex_date >= from && action.ex_date <= until) within.push_back(action);
    }
    return within;
  }
  std::vector<CorporateAction> recorded;
  std::vector<CorporateAction> told;
  int asked = 0;
};

struct Counted final : IngestionTally {
  void Wrote(std::string_view /*source*/, const Written& written) override { added += written.added; }
  void Suspected(const std::vector<Suspect>& suspects) override { suspected += suspects.size(); }
  void Finished(TaskState state) override { finished.push_back(state); }
  std::int64_t added = 0;
  std::size_t suspected = 0;
  std::vector<TaskState> finished;
};

// January 2024 had 21 sessions.
struct AnIngestion : MarketDatabase {
  FakeClock clock{At("2024-06-05T15:00:00Z")};
  ToldHistory history;
  ToldSplits splits;
  Counted tally;
  PgIngestionJobs jobs{*pool};
  PgIngestionTasks tasks{*pool};
  Ingestion ingestion{{.jobs = jobs, .instruments = instruments, .history = history, .clock = clock, .wake = [] {}}};
  IngestionWorker::Options options{.lease = 60s, .first_pause = 0ms, .longest_pause = 0ms};

  IngestionWorker Worker() {
    return {{.tasks = tasks, .bars = bars, .history = history, .splits = splits, .tally = tally, .clock = clock},
            options};
  }
  static IngestionRequest January(std::vector<std::string> symbols) {
    return {.symbols = std::move(symbols), .first_day = Day("2024-01-01"), .last_day = Day("2024-01-31")};
  }
  std::int64_t Start(const IngestionRequest& request) {
    const auto job = ingestion.Start(request, {});
    REQUIRE_THAT(job.status(), IsOk());
    return job->id;
  }
  // Until there is nothing to do.
  void Work(IngestionWorker worker) {
    for (int steps = 0; steps < 1'000; ++steps) {
      const auto did_something = worker.Step();
      REQUIRE_THAT(did_something.status(), IsOk());
      if (!*did_something) return;
    }
    FAIL("the worker does not come to an end");
  }
  void Work() { Work(Worker()); }
  IngestionJob Find(std::int64_t id) {
    auto job = ingestion.Find(id);
    REQUIRE_THAT(job.status(), IsOk());
    return *std::move(job);
  }
  std::string Bars() const {
    return database.Execute("select count(*) || ' ' || count(distinct (symbol, time)) from market_data.bars");
  }
};

}  // namespace papertape::market::testing
