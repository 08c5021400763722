#include "cli/job_progress.h"

#include <sstream>

#include "tests/support/catch.h"

namespace papertape::cli {
namespace {

market_data::v1::IngestionJob HalfDone() {
  market_data::v1::IngestionJob job;
  job.set_job_id(7);
  job.set_status("running");
  job.set_progress(50);
  job.set_sessions(40);
  job.set_sessions_asked(20);
  job.set_bars_added(19);
  job.set_bars_quarantined(1);
  auto& done = *job.add_tasks();
  done.set_symbol("AAPL");
  done.set_status("done");
  done.set_bars_added(19);
  done.set_bars_quarantined(1);
  done.set_source("tiingo");
  done.set_remark("polygon answers 503.");
  auto& running = *job.add_tasks();
  running.set_symbol("MSFT");
  running.set_status("running");
  return job;
}

TEST_CASE("into a pipe goes a line for each symbol that has ended, once, and the end") {
  std::ostringstream out;
  JobProgress progress(out, false);
  progress.Show(HalfDone());
  progress.Show(HalfDone());
  progress.Finish(HalfDone());
  CHECK(out.str() ==
        "AAPL         done      19 bars added, 1 kept aside from tiingo (polygon answers 503.)\n"
        "job 7: running, 19 bars added, 1 kept aside\n");
}

TEST_CASE("on a terminal a bar is drawn over itself, with what is being asked for") {
  std::ostringstream out;
  JobProgress progress(out, true);
  progress.Show(HalfDone());
  CHECK(out.str().ends_with("\r[###############...............]  50 %  20 of 40 days  MSFT"));
  out.str("");
  progress.Show(HalfDone());
  CHECK(out.str() == "\r[###############...............]  50 %  20 of 40 days  MSFT");
}

}  // namespace
}  // namespace papertape::cli
