// papertape-bench-ingest SECONDS: daily bars into the database of DATABASE_URL by ingestion's own workers (lease, gaps,
// quality, COPY and progress in one transaction, again for each stretch of days) and, in turns, by one bare COPY of the
// same rows into a table like it. Prints "worker" and "copy", rows a second, a line a round; the provider answers from
// memory.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <thread>

#include "fmt/format.h"
#include "libs/pg/migrator.h"
#include "migrations/market_data_store.h"
#include "services/market_data/domain/ingestion_worker.h"
#include "services/market_data/store/pg_bar_store.h"
#include "services/market_data/store/pg_ingestion_jobs.h"
#include "services/market_data/store/pg_ingestion_tasks.h"
#include "services/market_data/store/pg_instrument_store.h"

namespace papertape::market {
namespace {

constexpr int kWorkers = 2;  // the default of PAPERTAPE_INGESTION_WORKERS
const Timestamp kFirst = *ParseDate("2000-01-01");
const Timestamp kLast = *ParseDate("2025-12-31");
const Timestamp kNow = *ParseDate("2026-06-01");

template <class T>
T Must(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << result.status() << '\n';
  std::exit(1);
}
void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << '\n';
  std::exit(1);
}

// The time is one; only the stop-watch is the machine's.
class FixedNow final : public Clock {
 public:
  [[nodiscard]] Timestamp Now() const override { return kNow; }
  [[nodiscard]] Instant Steady() const override { return SystemClock().Steady(); }
};

// A walk of a quarter of a per cent a day.
std::vector<Bar> BarsOf(const Instrument& instrument) {
  std::vector<Bar> bars;
  std::int64_t close = 100'000'000;
  std::uint64_t state = std::hash<std::string>()(instrument.symbol);
  for (const Timestamp day : FinishedSessions(instrument.exchange, kFirst, kLast, kNow)) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const std::int64_t open = close;
    close += ((state >> 33U) % 2 == 0 ? close : -close) / 400;
    const auto [low, high] = std::minmax(open, close);
    bars.push_back({day, Price::FromMicros(open), Price::FromMicros(high + 10'000), Price::FromMicros(low - 10'000),
                    Price::FromMicros(close), static_cast<std::int64_t>(state >> 40U), Price::FromMicros(close)});
  }
  return bars;
}

class Memory final : public BarHistory {
 public:
  explicit Memory(const std::vector<Instrument>& instruments) {
    for (const Instrument& instrument : instruments) bars_[instrument.symbol] = BarsOf(instrument);
  }
  [[nodiscard]] bool Has(std::string_view /*provider*/) const override { return true; }
  [[nodiscard]] bool Can(const Instrument& /*instrument*/) const override { return true; }
  absl::StatusOr<FetchedBars> Fetch(const FetchRequest& wanted, Instant /*deadline*/) override {
    const auto& all = bars_.at(wanted.instrument.symbol);
    const auto before = [](const Bar& bar, Timestamp time) { return bar.time < time; };
    const auto begin = std::lower_bound(all.begin(), all.end(), wanted.sessions.front(), before);
    const auto end = std::lower_bound(begin, all.end(), wanted.sessions.back() + std::chrono::microseconds(1), before);
    return FetchedBars{.told = {{.source = "memory", .bars = {begin, end}}}};
  }
  [[nodiscard]] const std::map<std::string, std::vector<Bar>>& bars() const { return bars_; }

 private:
  std::map<std::string, std::vector<Bar>> bars_;
};

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

class Bench {
 public:
  explicit Bench(const std::string& dsn)
      : pool_({.dsn = dsn, .schema = "market_data", .statement_timeout = std::chrono::minutes(2)}) {
    Must(pg::MigrateUp({dsn, "market_data", market_data_store::Migrations()}).status());
    instruments_ = Must(PgInstrumentStore(pool_).All());
    memory_ = std::make_unique<Memory>(instruments_);
    for (const auto& [symbol, bars] : memory_->bars()) rows_ += bars.size();
    Run("create table bare_bars (like bars including all) partition by range (time)");
    Run("do $$ declare part record; begin for part in select c.relname, pg_get_expr(c.relpartbound, c.oid) as bound "
        "from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'bars'::regclass loop "
        "execute format('create table bare_%s partition of bare_bars %s', part.relname, part.bound); end loop; end $$");
  }

  // Rows a second.
  double Worker() {
    Run("truncate bars, ingestion_jobs, ingestion_tasks");
    IngestionRequest request{.first_day = kFirst, .last_day = kLast};
    for (const Instrument& instrument : instruments_) request.symbols.push_back(instrument.symbol);
    PgIngestionTasks tasks(pool_);
    PgBarStore bars(pool_);
    NoSplits splits;
    Uncounted tally;
    const IngestionWorker::Ports ports{
        .tasks = tasks, .bars = bars, .history = *memory_, .splits = splits, .tally = tally, .clock = clock_};
    const Instant begin = clock_.Steady();
    const std::int64_t id = Must(PgIngestionJobs(pool_).Create(request, {}));
    const auto work = [&ports] {
      IngestionWorker worker(ports, {});
      while (Must(worker.Step())) {
      }
    };
    std::vector<std::thread> workers;
    for (int i = 0; i < kWorkers; ++i) workers.emplace_back(work);
    for (std::thread& worker : workers) worker.join();
    const double seconds = Since(begin);
    const IngestionJob job = Must(PgIngestionJobs(pool_).Find(id));
    Check("bars", job.total.added);
    return static_cast<double>(rows_) / seconds;
  }

  double Copy() {
    Run("truncate bare_bars");
    pg::CopyRows rows;
    for (const auto& [symbol, bars] : memory_->bars()) {
      for (const Bar& bar : bars) {
        rows.Add(symbol, "1d", bar.time, bar.open, bar.high, bar.low, bar.close, bar.adjusted_close, bar.volume,
                 "memory");
      }
    }
    const Instant begin = clock_.Steady();
    Must(pool_.Transact([&](pg::Transaction& transaction) {
      transaction.CopyBinary(
          {{"bare_bars (symbol, span, time, open, high, low, close, adjusted_close, volume, source)", rows}});
      return absl::OkStatus();
    }));
    const double seconds = Since(begin);
    Check("bare_bars", static_cast<std::int64_t>(rows_));
    return static_cast<double>(rows_) / seconds;
  }

 private:
  [[nodiscard]] double Since(Instant begin) const {
    return std::chrono::duration<double>(clock_.Steady() - begin).count();
  }
  void Run(std::string_view sql) {
    Must(pool_.Transact([&](pg::Transaction& transaction) {
      transaction.Exec(sql);
      return absl::OkStatus();
    }));
  }
  // Every row is there, and nobody claims more.
  void Check(std::string_view table, std::int64_t told) {
    std::int64_t there = 0;
    Must(pool_.Read([&](pg::Transaction& transaction) {
      there = transaction.Exec(fmt::format("select count(*) from {}", table)).Int(0, 0);
      return absl::OkStatus();
    }));
    if (there == static_cast<std::int64_t>(rows_) && there == told) return;
    std::cerr << fmt::format("{} of {} rows in {}, {} told\n", there, rows_, table, told);
    std::exit(1);
  }

  const FixedNow clock_;
  pg::Pool pool_;
  std::vector<Instrument> instruments_;
  std::unique_ptr<Memory> memory_;
  std::size_t rows_ = 0;
};

}  // namespace
}  // namespace papertape::market

int main(int argc, char** argv) {
  const char* const dsn = std::getenv("DATABASE_URL");
  if (argc != 2 || dsn == nullptr) return 2;
  const papertape::Clock& clock = papertape::SystemClock();
  papertape::market::Bench bench(dsn);
  // The first round makes caches and files; it is not told.
  bench.Worker();
  bench.Copy();
  const auto end =
      clock.Steady() + std::chrono::milliseconds(static_cast<std::int64_t>(1000 * std::strtod(argv[1], nullptr)));
  do {
    std::cout << "worker " << bench.Worker() << "\ncopy " << bench.Copy() << std::endl;
  } while (clock.Steady() < end);
  return 0;
}
