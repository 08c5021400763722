#include <grpcpp/grpcpp.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "libs/auth/token.h"
#include "libs/redis/redis.h"
#include "libs/rpc/metadata.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "services/market_data/store/redis_tick_publisher.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/process.h"
#include "tests/support/test_database.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Eventually;
using papertape::testing::Process;
using papertape::testing::TestDatabase;
using papertape::testing::TestRedis;
using testing::MarketFolder;

namespace pb = market_data::v1;

const std::string kSecret = "a secret of the suite, at least 32 bytes";

// The program itself, with servers of its own, listening on a socket file.
struct AProgram {
  TestDatabase database;
  TestRedis server;
  redis::Client redis{{.url = server.url(), .connections = 1, .timeout = 2s}};
  MarketFolder folder{};
  std::string address = "unix:" + folder.path() + "/grpc.sock";

  std::unique_ptr<Process> Start(std::map<std::string, std::string> settings = {}) {
    settings.insert({{"DATABASE_URL", database.dsn()},
                     {"REDIS_URL", server.url()},
                     {"SECRET_KEY", kSecret},
                     {"PAPERTAPE_LISTEN", address}});
    return std::make_unique<Process>(std::vector<std::string>{PAPERTAPE_MARKET_DATA_PROGRAM}, settings);
  }
  // Entries of `ticks` published by now.
  std::int64_t Published() { return redis.Run({"XLEN", kTickStream})->integer; }
};

TEST_CASE_METHOD(AProgram, "the program publishes from its first second, and goes on after it was killed") {
  std::unique_ptr<Process> program = Start();
  REQUIRE(Eventually(20s, [&] { return Published() >= 2; }));
  program->Kill();
  const std::int64_t before = Published();
  program = Start();
  CHECK(Eventually(20s, [&] { return Published() >= before + 2; }));
  program->Signal(SIGTERM);
  CHECK(program->Wait(20s) == 0);
  CHECK(redis.Run({"EXISTS", kTickLease})->integer == 0);
}

TEST_CASE_METHOD(AProgram, "an open stream does not hold up a stop") {
  const std::unique_ptr<Process> program = Start({{"PAPERTAPE_DRAIN_TIMEOUT_MS", "120000"}});
  REQUIRE(program->WaitForOutput("\"serving\"", 20s));
  const auto stub = pb::MarketDataService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(ToSystemTime(SystemClock().Now() + 30s));
  context.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(kSecret));
  const auto stream = stub->StreamQuotes(&context);
  pb::StreamQuotesRequest request;
  request.add_add("*");
  REQUIRE(stream->Write(request));
  pb::QuoteBatch batch;
  REQUIRE(stream->Read(&batch));
  CHECK(batch.quotes_size() >= 20);
  program->Signal(SIGTERM);
  while (stream->Read(&batch)) {
  }
  CHECK(stream->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(program->Wait(30s) == 0);  // less than the drain timeout: nothing was waited for
}

TEST_CASE_METHOD(AProgram, "settings that are wrong are all named and nothing starts") {
  const std::unique_ptr<Process> program = Start({{"PAPERTAPE_MARKET_SOURCE", "replay"},
                                                  {"PAPERTAPE_SIMULATOR_INTERVAL_MS", "abc"},
                                                  {"PAPERTAPE_REPLAY_SPEED", "5000"}});
  CHECK(program->Wait(20s) == 1);
  for (const char* const name :
       {"PAPERTAPE_REPLAY_FILE", "PAPERTAPE_SIMULATOR_INTERVAL_MS", "PAPERTAPE_REPLAY_SPEED"}) {
    CHECK_THAT(program->Output(), Catch::Matchers::Contains(name));
  }
  CHECK(Published() == 0);
}

TEST_CASE_METHOD(AProgram, "the program waits for a database that is not there yet, and stops when it is told to") {
  const std::string elsewhere = folder.path() + "/postgres";
  const std::string dsn = database.dsn();
  const std::size_t socket = dsn.find("host=") + 5;
  const std::map<std::string, std::string> settings{{"DATABASE_URL", dsn.substr(0, socket) + elsewhere}};
  const std::unique_ptr<Process> patient = Start(settings);
  const std::unique_ptr<Process> stopped = Start(settings);
  for (Process* const program : {patient.get(), stopped.get()}) {
    REQUIRE(program->WaitForOutput(R"("message":"waiting","part":"migrations")", 20s));
  }
  stopped->Signal(SIGTERM);
  CHECK(stopped->Wait(20s) == 0);
  CHECK(Published() == 0);
  std::filesystem::create_directory_symlink(dsn.substr(socket), elsewhere);
  CHECK(patient->WaitForOutput("\"serving\"", 30s));
  CHECK(Eventually(20s, [&] { return Published() >= 2; }));
}

TEST_CASE_METHOD(AProgram, "the program does not wait for a database that lets nobody in") {
  std::string dsn = database.dsn();
  dsn.replace(dsn.find(database.name()), database.name().size(), "nobody_made_it");
  const std::unique_ptr<Process> program = Start({{"DATABASE_URL", dsn}});
  CHECK(program->Wait(20s) == 1);
  CHECK_THAT(program->Output(), Catch::Matchers::Contains("nobody_made_it"));
}

}  // namespace
}  // namespace papertape::market
