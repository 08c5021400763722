#include "cli/replay_progress.h"

#include <sstream>

#include "libs/rpc/proto_types.h"
#include "tests/support/catch.h"

namespace papertape::cli {
namespace {

market_data::v1::MarketSession ASession(const char* time, double progress, const char* state = "running") {
  market_data::v1::MarketSession session;
  session.set_session(3);
  session.set_kind("replay");
  session.set_state(state);
  session.set_speed(500);
  session.set_symbols(1);
  session.set_progress(progress);
  rpc::Encode(*ParseRfc3339("2008-10-01T13:30:00Z"), session.mutable_from());
  rpc::Encode(*ParseRfc3339("2008-10-31T20:00:00Z"), session.mutable_until());
  rpc::Encode(*ParseRfc3339(time), session.mutable_time());
  return session;
}

TEST_CASE("a session is said in a line, and the live market in a word") {
  CHECK(Describe(ASession("2008-10-14T15:40:02.5Z", 43.21)) ==
        "session 3, a replay of 2008-10-01 to 2008-10-31 of 1 symbol: running at 500x, 2008-10-14 15:40:02 UTC, 43 %");
  CHECK(Describe(ASession("2008-10-14T15:40:00Z", 43.21, "paused")) ==
        "session 3, a replay of 2008-10-01 to 2008-10-31 of 1 symbol: paused (speed 500x), 2008-10-14 15:40:00 UTC, 43 "
        "%");
  CHECK(Describe({}) == "the market is live");
}

TEST_CASE("a terminal shows one line that is drawn over itself") {
  std::ostringstream out;
  ReplayProgress progress(out, true);
  progress.Show(ASession("2008-10-14T15:40:00Z", 50));
  progress.Show(ASession("2008-10-14T15:40:00Z", 50, "paused"));
  progress.Finish();
  CHECK(out.str() ==
        "\r[###############...............]  50 %  2008-10-14 15:40:00 UTC  1 symbol  500x"
        "\r[###############...............]  50 %  2008-10-14 15:40:00 UTC  1 symbol  paused\n");
}

TEST_CASE("a file gets a line for each day") {
  std::ostringstream out;
  ReplayProgress progress(out, false);
  progress.Show(ASession("2008-10-01T13:30:00Z", 0));
  progress.Show(ASession("2008-10-01T19:00:00Z", 4));
  progress.Show(ASession("2008-10-02T13:30:00Z", 4.3));
  progress.Finish();
  CHECK(out.str() == "2008-10-01 13:30:00 UTC    0 %\n2008-10-02 13:30:00 UTC    4 %\n");
}

}  // namespace
}  // namespace papertape::cli
