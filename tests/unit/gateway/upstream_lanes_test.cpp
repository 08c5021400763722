#include "gateway/upstream_lanes.h"

#include <unistd.h>

#include "libs/clock/clock.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/fake_suite.h"

namespace papertape::gateway {
namespace {

using testing::FakeWorkshop;

std::string Address(const char* name) { return "unix:/tmp/papertape_lanes_" + std::to_string(getpid()) + name; }

// With a connection of its own, as the gateway's have.
std::shared_ptr<grpc::Channel> Dial(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<grpc::Server> Serve(const std::string& address, FakeWorkshop& workshop) {
  return grpc::ServerBuilder()
      .AddListeningPort(address, grpc::InsecureServerCredentials())
      .RegisterService(&workshop)
      .BuildAndStart();
}

bool Connects(const std::shared_ptr<grpc::Channel>& channel) {
  return channel->WaitForConnected(ToSystemTime(SystemClock().Now() + std::chrono::seconds(20)));
}

TEST_CASE("while a connection is in doubt its calls take one that is ready") {
  FakeWorkshop workshop;
  const auto one = Serve(Address("one"), workshop);
  const auto away = Dial(Address("two"));
  const auto ready = Dial(Address("one"));
  UpstreamLanes lanes({away, ready});
  REQUIRE(&lanes.Of(0) != &lanes.Of(1));
  REQUIRE(&lanes.Of(2) == &lanes.Of(0));

  lanes.Doubt();
  REQUIRE(Connects(ready));
  CHECK(&lanes.Of(0) == &lanes.Of(1));

  const auto two = Serve(Address("two"), workshop);
  REQUIRE(Connects(away));
  CHECK(&lanes.Of(0) != &lanes.Of(1));
}

TEST_CASE("a lane has its own connection when none is ready") {
  UpstreamLanes lanes({Dial(Address("nobody")), Dial(Address("nobody"))});
  lanes.Doubt();
  CHECK(&lanes.Of(0) != &lanes.Of(1));
}

}  // namespace
}  // namespace papertape::gateway
