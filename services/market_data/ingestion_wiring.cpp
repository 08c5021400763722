#include "services/market_data/ingestion_wiring.h"

#include <vector>

#include "libs/events/repeating_thread.h"
#include "libs/rpc/method_table.h"
#include "libs/rpc/worker_pool.h"
#include "libs/status/status.h"
#include "services/market_data/clients/ingestion_metrics.h"
#include "services/market_data/domain/bar_import.h"
#include "services/market_data/domain/chain_history.h"
#include "services/market_data/domain/ingestion.h"
#include "services/market_data/domain/ingestion_worker.h"
#include "services/market_data/ingestion_config.h"
#include "services/market_data/ingestion_schedules.h"
#include "services/market_data/rpc/ingestion_operator_service.h"
#include "services/market_data/rpc/ingestion_service.h"
#include "services/market_data/store/pg_import_store.h"
#include "services/market_data/store/pg_ingestion_jobs.h"
#include "services/market_data/store/pg_ingestion_tasks.h"

namespace papertape::market {
namespace {

using std::chrono::milliseconds;

// New jobs wake the thread; this is how late it sees another process's, or the end of a pause.
constexpr milliseconds kLookEvery{1'000};

constexpr std::size_t kImporters = 1;
constexpr std::size_t kImportsWaiting = 8;  // each may hold a request of 16 MiB

// One worker on a thread of its own.
events::RepeatingThread& WireWorker(service::Host& host, const IngestionWorker::Ports& ports,
                                    const IngestionWorker::Options& options) {
  auto& worker = host.Own<IngestionWorker>(ports, options);
  auto& thread =
      host.Own<events::RepeatingThread>("ingestion", [&worker]() -> absl::StatusOr<events::RepeatingThread::Rest> {
        PT_ASSIGN_OR_RETURN(const bool did_something, worker.Step());
        return did_something ? milliseconds(0) : kLookEvery;
      });
  host.AddPart(
      "ingestion",
      [&thread] {
        thread.Start();
        return absl::OkStatus();
      },
      [&thread, &worker] {
        thread.Stop();
        worker.LetGo();
      });
  return thread;
}

}  // namespace

void WireIngestion(service::Host& host, pg::Pool& pool, InstrumentStore& instruments, BarStore& bars,
                   ActionStore& actions, ProviderChain& chain) {
  auto& history = host.Own<ChainHistory>(chain, host.clock());
  auto& jobs = host.Own<PgIngestionJobs>(pool);
  auto& tasks = host.Own<PgIngestionTasks>(pool);
  auto& splits = host.Own<ChainSplits>(chain, actions);
  auto& tally = host.Own<IngestionMetrics>(host.metrics());
  const IngestionConfig config = ReadIngestionConfig(host.settings());
  std::vector<events::RepeatingThread*> threads;
  for (int i = 0; i < config.workers; ++i) {
    threads.push_back(&WireWorker(
        host,
        {.tasks = tasks, .bars = bars, .history = history, .splits = splits, .tally = tally, .clock = host.clock()},
        config.worker));
  }
  const auto wake = [threads] {
    for (events::RepeatingThread* thread : threads) thread->Wake();
  };
  auto& ingestion = host.Own<Ingestion>(Ingestion::Ports{
      .jobs = jobs, .instruments = instruments, .history = history, .clock = host.clock(), .wake = wake});
  auto& imported = host.Own<PgImportStore>(pool);
  auto& import = host.Own<BarImport>(BarImport::Ports{.instruments = instruments,
                                                      .bars = bars,
                                                      .splits = splits,
                                                      .store = imported,
                                                      .tally = tally,
                                                      .clock = host.clock()},
                                     config.worker.largest_jump_pct);
  auto& importers = host.Own<rpc::WorkerPool>(kImporters, kImportsWaiting);
  const auto* declared = rpc::DeclarationOf("papertape.market_data.v1.IngestionService.ImportBars");
  host.AcceptRequestsOf(static_cast<std::size_t>(declared->body_limit_bytes()));
  host.Serve(std::make_shared<IngestionOperatorService>(host.gate(), importers, ingestion, import, host.clock()));
  host.Serve(std::make_shared<IngestionService>(host.gate(), importers, ingestion, import,
                                                WireSchedules(host, pool, ingestion), host.clock()));
}

}  // namespace papertape::market
