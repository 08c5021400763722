#include "tests/chaos/engine_process.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "libs/clock/clock.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"

namespace papertape::chaos {
namespace {

std::string MakeDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "papertape-chaos.XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) FAIL("cannot make a directory for the engine's socket");
  return path;
}

}  // namespace

EngineProcess::EngineProcess(const testing::TestDatabase& database, const testing::TestRedis& redis)
    : directory_(MakeDirectory()),
      address_("unix:" + directory_ + "/engine.sock"),
      environment_{{"DATABASE_URL", database.dsn()},
                   {"REDIS_URL", redis.url()},
                   {"SECRET_KEY", kSecretKey},
                   {"PAPERTAPE_LISTEN", address_},
                   // Nobody is there: every quote comes from the test's own ticks.
                   {"PAPERTAPE_MARKET_DATA_ADDRESS", "unix:" + directory_ + "/nobody.sock"},
                   {"PAPERTAPE_QUOTE_FRESH_MS", "3600000"}} {}

EngineProcess::~EngineProcess() {
  process_.reset();
  std::filesystem::remove_all(directory_);
}

void EngineProcess::Spawn() {
  process_.reset();
  process_ = std::make_unique<testing::Process>(std::vector<std::string>{TRADE_ENGINE_PROGRAM}, environment_);
}

bool EngineProcess::Start() {
  Spawn();
  const auto channel = Connect();
  return testing::Eventually(std::chrono::minutes(1), [&] {
    if (process_->Wait(std::chrono::milliseconds(0))) Spawn();
    return channel->WaitForConnected(
        std::chrono::system_clock::time_point(SystemClock().Now() + std::chrono::milliseconds(100)));
  });
}

void EngineProcess::Kill() { process_->Kill(); }

std::shared_ptr<grpc::Channel> EngineProcess::Connect() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
}

void KillPostgres() {
  const char* const pid = std::getenv("TEST_SERVERS_PID");
  if (pid == nullptr) FAIL("TEST_SERVERS_PID is not set: run this through tests/support/with_servers");
  REQUIRE(kill(std::atoi(pid), SIGUSR1) == 0);
}

}  // namespace papertape::chaos
