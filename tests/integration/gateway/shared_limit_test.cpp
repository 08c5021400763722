#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "libs/redis/redis.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/process.h"
#include "tests/support/test_database.h"
#include "tests/unit/gateway/fake_suite.h"
#include "tests/unit/gateway/raw_client.h"

namespace papertape::gateway {
namespace {

using std::chrono::milliseconds;
using testing::FakeSuite;
using testing::Get;
using testing::RawClient;
using testing::RawResponse;

constexpr milliseconds kPatient{10'000};  // longer than any stall of a loaded machine

// A gateway that counts in the Redis at `url`.
std::function<void(Config&)> Counting(const std::string& url, RateLimits limits, milliseconds timeout,
                                      bool refuse = false) {
  return [=](Config& config) {
    config.rate_limits = limits;
    config.limiter = {.redis_url = url, .redis_timeout = timeout, .refuse_without_redis = refuse};
  };
}

std::string AsUser(std::int64_t user_id) {
  return Get("/tools/x", "Authorization: Bearer " + FakeSuite::TokenOf(user_id) + "\r\n");
}

RawResponse Ask(const FakeSuite& suite, std::string_view request) {
  RawClient client(suite.port());
  const auto response = client.Ask(request);
  REQUIRE(response);
  return *response;
}

// A Redis that the test may stop and start again.
class OwnRedis {
 public:
  OwnRedis() : socket_("/tmp/papertape-redis-" + std::to_string(::getpid()) + ".sock") { Start(); }
  ~OwnRedis() { std::filesystem::remove(socket_); }
  void Start() {
    process_.emplace(std::vector<std::string>{"/usr/bin/redis-server", "--port", "0", "--unixsocket", socket_, "--save",
                                              "", "--appendonly", "no"});
    redis::Client client({.url = url()});
    REQUIRE(papertape::testing::Eventually([&] { return client.Ping().ok(); }));
  }
  void Kill() { process_->Kill(); }
  void Signal(int signal) { process_->Signal(signal); }
  [[nodiscard]] std::string url() const { return "unix://" + socket_; }

 private:
  const std::string socket_;
  std::optional<papertape::testing::Process> process_;
};

TEST_CASE("two gateways before one Redis let exactly the limit through") {
  constexpr int kLimit = 10;  // the next would be due after six seconds
  constexpr int kUsers = 4;
  const papertape::testing::TestRedis redis;
  FakeSuite first(Counting(redis.url(), {.user = kLimit}, kPatient));
  FakeSuite second(Counting(redis.url(), {.user = kLimit}, kPatient));
  std::array<std::atomic<int>, kUsers> allowed{};
  std::atomic<int> refused = 0;
  std::vector<std::thread> clients;
  for (int user = 0; user < kUsers; ++user) {
    for (const FakeSuite* suite : {&first, &second}) {
      clients.emplace_back([&, user, suite] {
        RawClient client(suite->port());
        std::string requests;
        for (int i = 0; i < 5 * kLimit; ++i) requests += AsUser(user + 1);
        client.Send(requests);
        for (int i = 0; i < 5 * kLimit; ++i) {
          const auto response = client.Read();
          if (!response) return;
          if (response->status == 200) ++allowed[static_cast<std::size_t>(user)];
          if (response->status == 429) ++refused;
        }
      });
    }
  }
  for (std::thread& client : clients) client.join();
  for (const auto& count : allowed) CHECK(count == kLimit);
  CHECK(refused == kUsers * 9 * kLimit);
  const RawResponse over = Ask(first, AsUser(1));
  CHECK(over.Header("RateLimit-Limit") == std::to_string(kLimit));
  CHECK(over.Header("RateLimit-Remaining") == "0");
  CHECK_FALSE(over.Header("RateLimit-Reset").empty());
  CHECK_FALSE(over.Header("Retry-After").empty());
}

TEST_CASE("what is counted goes from Redis when it counts no more") {
  const papertape::testing::TestRedis redis;
  FakeSuite suite(Counting(redis.url(), {.user = 60'000}, kPatient));
  CHECK(Ask(suite, AsUser(1)).Header("RateLimit-Remaining") == "59999");
  redis::Client client({.url = redis.url()});
  CHECK(papertape::testing::Eventually([&] { return client.Run({"DBSIZE"})->integer == 0; }));
}

TEST_CASE("a request that is not limited asks Redis nothing") {
  FakeSuite suite(Counting("unix:///nobody/listens/here", {.user = 0, .anonymous = 1}, kPatient, true));
  CHECK(Ask(suite, AsUser(1)).status == 200);
  CHECK(Ask(suite, Get("/health/live")).status == 200);
  CHECK(Ask(suite, Get("/tools/x")).status == 503);
}

TEST_CASE("without Redis limits are counted in memory, until it is back") {
  OwnRedis redis;
  FakeSuite suite(Counting(redis.url(), {.user = 3}, milliseconds(200)));
  CHECK(Ask(suite, AsUser(1)).status == 200);
  redis.Kill();
  int answered = 0;
  while (Ask(suite, AsUser(2)).status == 200) REQUIRE(++answered <= 3);
  CHECK(answered == 3);
  redis.Start();
  // Redis knows nothing of what was counted without it.
  CHECK(papertape::testing::Eventually([&] { return Ask(suite, AsUser(2)).status == 200; }));
}

TEST_CASE("without Redis requests are refused where the setting wants it, until it is back") {
  OwnRedis redis;
  FakeSuite suite(Counting(redis.url(), {.user = 1'000}, milliseconds(200), true));
  CHECK(Ask(suite, AsUser(1)).status == 200);
  redis.Kill();
  const RawResponse refused = Ask(suite, AsUser(1));
  CHECK(refused.status == 503);
  CHECK(refused.Header("Retry-After") == "1");
  CHECK_THAT(refused.body, Catch::Matchers::Contains(R"("code":"UNAVAILABLE")"));
  redis.Start();
  CHECK(papertape::testing::Eventually([&] { return Ask(suite, AsUser(1)).status == 200; }));
}

TEST_CASE("a Redis that does not answer holds up nobody") {
  OwnRedis redis;
  FakeSuite serving(Counting(redis.url(), {.user = 1'000}, milliseconds(50)));
  FakeSuite refusing(Counting(redis.url(), {.user = 1'000}, milliseconds(50), true));
  CHECK(Ask(serving, AsUser(1)).status == 200);
  redis.Signal(SIGSTOP);
  CHECK(Ask(serving, AsUser(1)).status == 200);
  CHECK(papertape::testing::Eventually([&] { return Ask(refusing, AsUser(1)).status == 503; }));
  redis.Signal(SIGCONT);
  CHECK(papertape::testing::Eventually([&] { return Ask(refusing, AsUser(1)).status == 200; }));
}

TEST_CASE("a Redis that has forgotten the script is told it again") {
  const papertape::testing::TestRedis redis;
  FakeSuite suite(Counting(redis.url(), {.user = 10}, kPatient, true));
  CHECK(Ask(suite, AsUser(1)).Header("RateLimit-Remaining") == "9");
  redis::Client client({.url = redis.url()});
  REQUIRE(client.Run({"SCRIPT", "FLUSH"}).ok());
  CHECK(Ask(suite, AsUser(1)).Header("RateLimit-Remaining") == "8");
}

}  // namespace
}  // namespace papertape::gateway
