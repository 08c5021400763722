#include "cli/job_progress.h"

#include "fmt/format.h"

namespace papertape::cli {
namespace {

using market_data::v1::IngestionJob;
using market_data::v1::IngestionTask;

constexpr int kWidth = 30;

bool HasEnded(const IngestionTask& task) {
  return task.status() == "done" || task.status() == "failed" || task.status() == "canceled";
}

// "21 bars", "1 bar"
std::string Count(std::int64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

template <class Message>
std::string Tally(const Message& of) {
  std::string text = Count(of.bars_added(), "bar") + " added";
  if (of.bars_corrected() > 0) text += fmt::format(", {} corrected", of.bars_corrected());
  if (of.bars_quarantined() > 0) text += fmt::format(", {} kept aside", of.bars_quarantined());
  if (of.bars_missing() > 0) text += fmt::format(", {} nobody has", of.bars_missing());
  return text;
}

}  // namespace

void JobProgress::Show(const IngestionJob& job) {
  const IngestionTask* running = nullptr;
  for (const IngestionTask& task : job.tasks()) {
    if (HasEnded(task) && shown_.insert(task.symbol()).second) ShowEnded(task);
    if (task.status() == "running") running = &task;
  }
  if (!is_terminal_) return;
  const int full = static_cast<int>(job.progress() / 100 * kWidth);
  std::string line = fmt::format("[{:#<{}}{:.<{}}] {:3.0f} %  {} of {} days", "", full, "", kWidth - full,
                                 job.progress(), job.sessions_asked(), job.sessions());
  if (running != nullptr) line += "  " + running->symbol();
  const std::size_t before = drawn_;
  drawn_ = line.size();
  out_ << '\r' << line << std::string(before > drawn_ ? before - drawn_ : 0, ' ') << std::flush;
}

void JobProgress::ShowEnded(const IngestionTask& task) {
  Clear();
  out_ << fmt::format("{:<12} {:<9} {}", task.symbol(), task.status(), Tally(task));
  if (task.has_source()) out_ << " from " << task.source();
  if (task.has_remark()) out_ << " (" << task.remark() << ")";
  out_ << '\n';
}

void JobProgress::Clear() {
  if (drawn_ > 0) out_ << '\r' << std::string(drawn_, ' ') << '\r';
  drawn_ = 0;
}

void JobProgress::Finish(const IngestionJob& job) {
  Clear();
  out_ << fmt::format("job {}: {}, {}\n", job.job_id(), job.status(), Tally(job)) << std::flush;
}

}  // namespace papertape::cli
