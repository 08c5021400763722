#include "services/market_data/rpc/ingestion_messages.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

constexpr int kMostSymbols = 500;
constexpr std::size_t kMostProviderBytes = 40;

std::vector<std::string> ReadSymbols(const pb::IngestStocksRequest& request, Violations& wrong) {
  std::vector<std::string> symbols;
  const bool bounded = wrong.Check(request.symbols_size() >= 1 && request.symbols_size() <= kMostSymbols, "symbols",
                                   fmt::format("must be from 1 to {} symbols", kMostSymbols));
  if (!bounded) return symbols;
  for (int i = 0; i < request.symbols_size(); ++i) {
    std::string symbol = NormalizeSymbol(request.symbols(i));
    if (!wrong.Check(!symbol.empty(), fmt::format("symbols[{}]", i), "must be a symbol such as AAPL or ^NSEI"))
      continue;
    if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end()) symbols.push_back(std::move(symbol));
  }
  return symbols;
}

Timestamp ReadDay(const std::string& text, std::string_view field, Timestamp fallback, Violations& wrong) {
  if (text.empty()) return fallback;
  const absl::StatusOr<Timestamp> day = ParseDate(text);
  return wrong.Check(day.ok(), field, "must be a day such as 2020-01-31") ? *day : fallback;
}

double Percent(double share) { return std::round(share * 10'000) / 100; }

double ShareOf(const IngestionTask& task) {
  if (task.finished_at) return 1;
  return task.sessions > 0 ? static_cast<double>(task.sessions_asked) / static_cast<double>(task.sessions) : 0;
}

// What a job and a task have in common.
template <class Message>
void EncodeCounts(const IngestionTask& counts, Message& out) {
  out.set_sessions(counts.sessions);
  out.set_sessions_asked(counts.sessions_asked);
  out.set_bars_added(counts.added);
  out.set_bars_corrected(counts.corrected);
  out.set_bars_quarantined(counts.quarantined);
  out.set_bars_missing(counts.missing);
  if (counts.started_at) rpc::Encode(*counts.started_at, out.mutable_started_at());
  if (counts.finished_at) rpc::Encode(*counts.finished_at, out.mutable_finished_at());
}

void Encode(const IngestionTask& task, pb::IngestionTask& out) {
  out.set_symbol(task.symbol);
  out.set_status(std::string(TaskStateName(task.state)));
  out.set_progress(Percent(ShareOf(task)));
  EncodeCounts(task, out);
  if (!task.source.empty()) out.set_source(task.source);
  if (!task.error_code.empty()) out.set_error_code(task.error_code);
  if (!task.remark.empty()) out.set_remark(task.remark);
}

}  // namespace

absl::StatusOr<IngestionRequest> Decode(const pb::IngestStocksRequest& request, std::int64_t user_id, Timestamp now) {
  using calendar::Calendar;
  Violations wrong;
  IngestionRequest decoded{.symbols = ReadSymbols(request, wrong), .requested_by = user_id};
  const Timestamp first = std::chrono::sys_days(Calendar::FirstDate().time_since_epoch());
  const Timestamp today = std::chrono::floor<std::chrono::days>(now);
  decoded.first_day = ReadDay(request.start(), "start", first, wrong);
  decoded.last_day = ReadDay(request.end(), "end", today, wrong);
  wrong.Check(decoded.first_day >= first, "start", fmt::format("must not be before {}", FormatDate(first)));
  wrong.Check(decoded.first_day <= decoded.last_day, "end", "must not be before start");
  decoded.last_day = std::min(decoded.last_day, today);
  wrong.Check(decoded.first_day <= today, "start", "must not be in the future");
  decoded.provider = request.provider();
  wrong.Check(decoded.provider.size() <= kMostProviderBytes, "provider", "must be at most 40 bytes long");
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return decoded;
}

void Encode(const IngestionJob& job, pb::AcceptedJob& out) {
  out.set_job_id(job.id);
  out.set_status("queued");
  for (const IngestionTask& task : job.tasks) out.add_symbols(task.symbol);
  out.set_start(FormatDate(job.request.first_day));
  out.set_end(FormatDate(job.request.last_day));
  if (!job.request.provider.empty()) out.set_provider(job.request.provider);
  rpc::Encode(job.created_at, out.mutable_created_at());
}

void Encode(const IngestionJob& job, pb::IngestionJob& out) {
  out.set_job_id(job.id);
  out.set_status(std::string(JobStateName(job.counts)));
  out.set_cause(job.request.cause == IngestionRequest::Cause::kSchedule ? "schedule" : "request");
  out.set_start(FormatDate(job.request.first_day));
  out.set_end(FormatDate(job.request.last_day));
  if (job.request.correct_from) out.set_correct_from(FormatDate(*job.request.correct_from));
  if (!job.request.provider.empty()) out.set_provider(job.request.provider);
  if (job.request.requested_by != 0) out.set_requested_by(job.request.requested_by);
  rpc::Encode(job.created_at, out.mutable_created_at());
  out.set_progress(Percent(job.share_done));
  out.mutable_symbols()->set_waiting(job.counts.waiting);
  out.mutable_symbols()->set_running(job.counts.running);
  out.mutable_symbols()->set_done(job.counts.done);
  out.mutable_symbols()->set_failed(job.counts.failed);
  out.mutable_symbols()->set_canceled(job.counts.canceled);
  EncodeCounts(job.total, out);
  for (const IngestionTask& task : job.tasks) Encode(task, *out.add_tasks());
}

void Encode(const std::vector<scheduler::Scheduler::Status>& schedules, pb::ListSchedulesReply& out) {
  for (const scheduler::Scheduler::Status& schedule : schedules) {
    pb::Schedule& entry = *out.add_schedules();
    entry.set_name(schedule.name);
    entry.set_trigger(schedule.trigger);
    if (schedule.next) rpc::Encode(*schedule.next, entry.mutable_next());
    for (const scheduler::PastRun& past : schedule.runs) {
      pb::ScheduleRun& run = *entry.add_runs();
      run.set_id(past.id);
      rpc::Encode(past.run.due, run.mutable_due());
      run.set_missed(past.run.missed);
      run.set_by_hand(past.run.by_hand);
      if (past.run.requested_by != 0) run.set_requested_by(past.run.requested_by);
      run.set_status(std::string(scheduler::RunStateName(past.state)));
      run.set_detail(past.detail);
      rpc::Encode(past.started_at, run.mutable_started_at());
      if (past.finished_at) rpc::Encode(*past.finished_at, run.mutable_finished_at());
    }
  }
}

void Encode(const JobPage& page, const rpc::Page& asked, pb::ListJobsReply& out) {
  for (const IngestionJob& job : page.jobs) Encode(job, *out.add_jobs());
  rpc::EncodePage(asked, page.total, out);
}

void Encode(const std::vector<AvailableSymbol>& all, const rpc::Page& asked, pb::ListAvailableReply& out) {
  const auto count = static_cast<std::int64_t>(all.size());
  const std::int64_t end = std::min(count, asked.offset + asked.size);
  for (std::int64_t i = asked.offset; i < end; ++i) {
    const AvailableSymbol& symbol = all[static_cast<std::size_t>(i)];
    pb::AvailableSymbol& entry = *out.add_symbols();
    entry.set_symbol(symbol.symbol);
    entry.set_first_date(FormatDate(symbol.first_day));
    entry.set_last_date(FormatDate(symbol.last_day));
    entry.set_bars(symbol.bars);
  }
  rpc::EncodePage(asked, count, out);
}

}  // namespace papertape::market
