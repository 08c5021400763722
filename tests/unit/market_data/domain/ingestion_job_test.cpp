#include "services/market_data/domain/ingestion_job.h"

#include "tests/support/catch.h"

namespace papertape::market {
namespace {

TEST_CASE("a job is as far as its tasks are") {
  CHECK(JobStateName({.waiting = 2}) == "queued");
  CHECK(JobStateName({.waiting = 1, .running = 1}) == "running");
  CHECK(JobStateName({.waiting = 1, .done = 1}) == "running");
  CHECK(JobStateName({.running = 1, .failed = 1}) == "running");
  CHECK(JobStateName({.done = 2}) == "done");
  CHECK(JobStateName({.failed = 2}) == "failed");
  CHECK(JobStateName({.done = 1, .failed = 1}) == "partial");
  CHECK(JobStateName({.done = 1, .canceled = 1}) == "canceled");
  CHECK(JobStateName({.failed = 1, .canceled = 1}) == "canceled");
}

TEST_CASE("a schedule's history says of a job how large it is") {
  CHECK(Describe({.id = 4, .counts = {.waiting = 1}}) == "ingestion job 4 of 1 symbol");
  CHECK(Describe({.id = 4, .counts = {.waiting = 1, .done = 1}}) == "ingestion job 4 of 2 symbols");
}

TEST_CASE("the names of a task's states read back") {
  for (const TaskState state :
       {TaskState::kWaiting, TaskState::kRunning, TaskState::kDone, TaskState::kFailed, TaskState::kCanceled}) {
    CHECK(ParseTaskState(TaskStateName(state)) == state);
  }
  CHECK_FALSE(ParseTaskState("asleep"));
}

}  // namespace
}  // namespace papertape::market
