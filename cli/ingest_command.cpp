#include "cli/ingest_command.h"

#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>

#include "cli/commands.h"
#include "cli/job_progress.h"
#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::cli {
namespace {

constexpr std::chrono::milliseconds kLookEvery{200};
constexpr std::size_t kMostFileBytes = 16 << 20;
constexpr int kMostRefusals = 20;

void Pause() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, kLookEvery);
}

bool HasEnded(const market_data::v1::IngestionJob& job) {
  return job.status() != "queued" && job.status() != "running";
}

int Follow(MarketClient& market, std::int64_t job_id) {
  JobProgress progress(std::cout, isatty(STDOUT_FILENO) != 0);
  while (true) {
    const auto job = market.FollowJob(job_id);
    if (!job.ok()) {
      std::cerr << fmt::format("\npapertape: job {} goes on by itself, but cannot be followed\n", job_id);
      return Refused(job.status());
    }
    progress.Show(*job);
    if (HasEnded(*job)) {
      progress.Finish(*job);
      return job->status() == "done" ? 0 : 1;
    }
    Pause();
  }
}

int FromProviders(MarketClient& market, const IngestOptions& options) {
  market_data::v1::IngestStocksRequest request;
  for (const std::string& symbol : options.symbols) request.add_symbols(symbol);
  request.set_start(options.start);
  request.set_end(options.end);
  request.set_provider(options.provider);
  const auto job = market.Ingest(request);
  if (!job.ok()) return Refused(job.status());
  std::cout << fmt::format("job {}: {} from {} to {}\n", job->job_id(),
                           job->symbols_size() == 1 ? job->symbols(0) : fmt::format("{} symbols", job->symbols_size()),
                           job->start(), job->end());
  return options.detach ? 0 : Follow(market, job->job_id());
}

int FromFile(MarketClient& market, const IngestOptions& options) {
  std::ifstream file(options.csv, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    std::cerr << fmt::format("papertape: {} cannot be read\n", options.csv);
    return 1;
  }
  if (text.size() > kMostFileBytes) {
    std::cerr << fmt::format("papertape: {} is larger than 16 MiB; split it\n", options.csv);
    return 1;
  }
  market_data::v1::ImportBarsRequest request;
  request.set_csv(std::move(text));
  request.set_dry_run(options.dry_run);
  request.set_overwrite(options.overwrite);
  request.set_symbol(options.symbol);
  request.set_interval(options.interval);
  request.set_time_zone(options.time_zone);
  const auto report = market.Import(request);
  if (!report.ok()) return Refused(report.status());
  for (const auto& symbol : report->symbols()) {
    std::cout << fmt::format("{:<12} {} to {}: {} added, {} overwritten, {} known already\n", symbol.symbol(),
                             symbol.first(), symbol.last(), symbol.bars_added(), symbol.bars_corrected(),
                             symbol.bars_known());
  }
  int told = 0;
  for (const auto& row : report->refused()) {
    if (told++ == kMostRefusals) break;
    std::cout << fmt::format("line {}: {}{}: {}\n", row.line(), row.symbol().empty() ? "" : row.symbol() + " ",
                             row.reason(), row.message());
  }
  if (report->rows_refused() > kMostRefusals) {
    std::cout << fmt::format("... and {} refused lines more\n", report->rows_refused() - kMostRefusals);
  }
  std::cout << fmt::format("{} lines, {} refused, {} bars added{}\n", report->rows(), report->rows_refused(),
                           report->bars_added(), report->dry_run() ? " if it were not a dry run" : "");
  return report->rows_refused() == 0 ? 0 : 1;
}

}  // namespace

int Ingest(MarketClient& market, const IngestOptions& options) {
  return options.csv.empty() ? FromProviders(market, options) : FromFile(market, options);
}

}  // namespace papertape::cli
