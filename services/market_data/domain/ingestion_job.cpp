#include "services/market_data/domain/ingestion_job.h"

#include <array>
#include <utility>

#include "fmt/format.h"

namespace papertape::market {
namespace {

constexpr std::array<std::pair<TaskState, std::string_view>, 5> kStates{{{TaskState::kWaiting, "waiting"},
                                                                         {TaskState::kRunning, "running"},
                                                                         {TaskState::kDone, "done"},
                                                                         {TaskState::kFailed, "failed"},
                                                                         {TaskState::kCanceled, "canceled"}}};

}  // namespace

std::string_view TaskStateName(TaskState state) {
  for (const auto& [known, name] : kStates) {
    if (known == state) return name;
  }
  return {};
}

std::optional<TaskState> ParseTaskState(std::string_view name) {
  for (const auto& [state, known] : kStates) {
    if (known == name) return state;
  }
  return std::nullopt;
}

std::string_view JobStateName(const TaskCounts& counts) {
  if (counts.waiting == counts.all()) return "queued";
  if (counts.waiting + counts.running > 0) return "running";
  if (counts.canceled > 0) return "canceled";
  if (counts.failed == counts.all()) return "failed";
  return counts.failed > 0 ? "partial" : "done";
}

std::string Describe(const IngestionJob& job) {
  return fmt::format("ingestion job {} of {} symbol{}", job.id, job.counts.all(), job.counts.all() == 1 ? "" : "s");
}

}  // namespace papertape::market
