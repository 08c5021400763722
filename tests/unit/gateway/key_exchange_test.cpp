#include "gateway/key_exchange.h"

#include <thread>

#include "tests/support/catch.h"
#include "tests/unit/gateway/fake_suite.h"
#include "tests/unit/gateway/raw_client.h"

namespace papertape::gateway {
namespace {

using Catch::Matchers::Contains;
using testing::FakeSuite;
using testing::Get;
using testing::RawClient;
using testing::RawResponse;

std::string Key(const std::string& id, const std::string& secret) {
  return "X-Api-Key: " + id + "\r\nX-Api-Secret: " + secret + "\r\n";
}

RawResponse Ask(const FakeSuite& suite, const std::string& headers) {
  RawClient client(suite.port());
  const auto response = client.Ask(Get("/tools/current", headers));
  REQUIRE(response);
  return *response;
}

TEST_CASE("a key works wherever a token does, and is exchanged once") {
  FakeSuite suite;
  for (int i = 0; i < 3; ++i) CHECK(Ask(suite, Key("pk_good", "sk_good")).status == 200);
  CHECK(suite.keys().asked == 1);
  CHECK(suite.workshop().metadata()["authorization"].starts_with("Bearer ey"));
  CHECK_FALSE(suite.workshop().metadata().contains("x-api-secret"));
}

TEST_CASE("a wrong key is refused, and for some seconds without asking") {
  FakeSuite suite;
  for (int i = 0; i < 3; ++i) {
    const RawResponse refused = Ask(suite, Key("pk_good", "sk_wrong"));
    CHECK(refused.status == 401);
    CHECK_THAT(refused.body, Contains("INVALID_API_KEY"));
  }
  CHECK(suite.keys().asked == 1);
  CHECK(suite.workshop().calls() == 0);
  CHECK(Ask(suite, Key("pk_good", "sk_good")).status == 200);
}

TEST_CASE("an address that brings one wrong key after another is stopped before auth is asked") {
  FakeSuite suite([](Config& config) { config.rate_limits.anonymous = 4; });
  RawResponse last;
  for (int i = 0; i < 8; ++i) last = Ask(suite, Key("pk_good", "sk_wrong" + std::to_string(i)));
  CHECK(last.status == 429);
  CHECK(suite.keys().asked <= 4);
}

TEST_CASE("half a key, an endless one and a shifted one are wrong keys") {
  FakeSuite suite;
  CHECK(Ask(suite, Key("pk_good", "sk_good")).status == 200);
  CHECK(Ask(suite, "X-Api-Key: pk_good\r\n").status == 401);
  CHECK(Ask(suite, "X-Api-Secret: sk_good\r\n").status == 401);
  CHECK(Ask(suite, Key("pk_good", std::string(4'000, 's'))).status == 401);
  CHECK(Ask(suite, Key("pk_goods", "k_good")).status == 401);
}

TEST_CASE("a token beside the key wins") {
  FakeSuite suite;
  CHECK(Ask(suite, "Authorization: Bearer " + FakeSuite::TokenOf(5) + "\r\n" + Key("pk_x", "sk_x")).status == 200);
  CHECK(suite.keys().asked == 0);
}

TEST_CASE("a token that is about to expire is exchanged anew") {
  FakeSuite suite;
  suite.keys().token_life = std::chrono::seconds(20);
  CHECK(Ask(suite, Key("pk_good", "sk_good")).status == 200);
  CHECK(Ask(suite, Key("pk_good", "sk_good")).status == 200);
  CHECK(suite.keys().asked == 2);
}

TEST_CASE("that auth cannot answer is no refusal of the key, and is not remembered") {
  FakeSuite suite;
  suite.keys().down = true;
  CHECK(Ask(suite, Key("pk_good", "sk_good")).status == 503);
  suite.keys().down = false;
  CHECK(Ask(suite, Key("pk_good", "sk_good")).status == 200);
}

TEST_CASE("requests that come with one key at once ask for it together") {
  FakeSuite suite;
  std::atomic<int> served = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      const auto response = RawClient(suite.port()).Ask(Get("/tools/current", Key("pk_good", "sk_good")));
      if (response && response->status == 200) ++served;
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(served == 8);
  CHECK(suite.keys().asked < 8);
}

TEST_CASE("a public route is served whatever the key is worth") {
  FakeSuite suite;
  RawClient client(suite.port());
  CHECK(client.Ask(Get("/tools/saw", Key("pk_good", "sk_wrong")))->status == 200);
}

}  // namespace
}  // namespace papertape::gateway
