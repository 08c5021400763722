#include "libs/http/client.h"

#include <prometheus/counter.h>

#include <atomic>
#include <deque>
#include <thread>

#include "libs/clock/fake_clock.h"
#include "tests/support/eventually.h"
#include "tests/support/http/fake_http.h"
#include "tests/support/matchers.h"

namespace papertape::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Delivery;
using testing::FakeHttp;
using testing::HasReason;
using testing::HttpAnswer;
using testing::HttpAsk;
using testing::IsOk;

constexpr char kKey[] = "a-secret-key";

// A server that gives the answers it is told, the last one for ever, and a client whose time passes when it waits.
struct World {
  explicit World(std::deque<HttpAnswer> answers, ClientOptions options = {})
      : told(std::move(answers)),
        server([this](const HttpAsk&) { return Next(); }),
        client_options(std::move(options)) {
    client_options.name = "polygon";
    client_options.base = ParseBaseUrl(server.url()).value();
  }
  HttpAnswer Next() {
    const std::lock_guard lock(mutex);
    HttpAnswer answer = told.front();
    if (told.size() > 1) told.pop_front();
    return answer;
  }
  Client& Ask() {
    if (client == nullptr) {
      client = std::make_unique<Client>(client_options, clock, SeededRandom(1), metrics, [this](Instant until) {
        if (until > clock.Steady()) clock.Advance(std::chrono::ceil<std::chrono::microseconds>(until - clock.Steady()));
      });
    }
    return *client;
  }
  absl::StatusOr<Response> Get(milliseconds time = seconds(600)) {
    return Ask().Get({.path = "/v2/bars", .parameters = {{"apiKey", kKey}, {"symbol", "^GSPC"}}},
                     clock.Steady() + time);
  }
  double Count(const std::string& outcome) {
    return metrics
        .Counter("papertape_provider_requests_total", "Requests to a provider, by how they ended.",
                 {{"provider", "polygon"}, {"outcome", outcome}})
        .Value();
  }

  std::mutex mutex;
  std::deque<HttpAnswer> told;
  FakeHttp server;
  ClientOptions client_options;
  FakeClock clock;
  rpc::Metrics metrics;
  std::unique_ptr<Client> client;
};

TEST_CASE("an answer comes with status, headers in lower case and body") {
  World world({{.status = 404, .body = R"({"detail":"Not found."})", .headers = {{"X-Ratelimit-Remaining", "3"}}}});
  const Response response = world.Get().value();
  CHECK(response.status == 404);
  CHECK(response.body == R"({"detail":"Not found."})");
  CHECK(response.Header("x-ratelimit-remaining") == "3");
  CHECK(response.Header("retry-after").empty());
  REQUIRE(world.server.asks().size() == 1);
  CHECK(world.server.asks()[0].Query("symbol") == "^GSPC");
  CHECK(world.server.asks()[0].Header("user-agent") == "papertape");
  CHECK(world.Count("refused") == 1);
}

TEST_CASE("a POST carries its body and is not sent twice unless it may be") {
  World world({{.status = 503}, {.status = 503}, {.body = "{}"}});
  const Request login{.path = "/login", .body = R"({"totp":"123456"})", .repeatable = false};
  CHECK_THAT(world.Ask().Post(login, world.clock.Steady() + seconds(60)).status(),
             HasReason(Reason::kPROVIDER_UNAVAILABLE));
  REQUIRE(world.server.asks().size() == 1);
  CHECK(world.server.asks()[0].body == login.body);
  CHECK(world.server.asks()[0].Header("content-type") == "application/json");

  CHECK_THAT(world.Ask().Post({.path = "/quote"}, world.clock.Steady() + seconds(60)).status(), IsOk());
}

TEST_CASE("faults of the server are tried again after growing pauses") {
  World world({{.status = 500}, {.status = 502}, {.body = "[]"}});
  const Instant start = world.clock.Steady();
  CHECK(world.Get().value().body == "[]");
  CHECK(world.clock.Steady() - start >= milliseconds(250 + 500));
  CHECK(world.clock.Steady() - start <= milliseconds((250 + 500) * 3 / 2));
  CHECK(world.Count("failed") == 2);
  CHECK(world.Count("answered") == 1);
}

TEST_CASE("Retry-After is waited for, and by everybody") {
  World world({{.status = 429, .headers = {{"Retry-After", "30"}}}, {.body = "[]"}});
  const Instant start = world.clock.Steady();
  CHECK_THAT(world.Get().status(), IsOk());
  CHECK(world.clock.Steady() - start == seconds(30));
  CHECK(world.Count("busy") == 1);
}

TEST_CASE("a Retry-After past the deadline is passed on, and nobody asks before it") {
  World world({{.status = 429, .headers = {{"Retry-After", "30"}}}, {.body = "[]"}});
  const absl::Status status = world.Get(seconds(10)).status();
  CHECK_THAT(status, HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(DetailsOf(status).retry_after_ms == 30'000);
  CHECK(DetailsOf(status).metadata.at("provider") == "polygon");

  CHECK(DetailsOf(world.Get(seconds(10)).status()).retry_after_ms == 30'000);
  CHECK(world.server.asks().size() == 1);
  CHECK(world.Count("paced") == 1);
}

TEST_CASE("without Retry-After the pause is the distance that the pace knows") {
  World world({{.status = 429}, {.body = "[]"}}, {.limits = {{.requests = 5, .window = seconds(60)}}});
  const Instant start = world.clock.Steady();
  CHECK_THAT(world.Get().status(), IsOk());
  CHECK(world.clock.Steady() - start >= seconds(12));
  CHECK(world.clock.Steady() - start <= seconds(18));
}

TEST_CASE("a request that the pace holds back past the deadline is not sent") {
  World world({{.body = "[]"}}, {.limits = {{.requests = 2, .window = seconds(60)}}});
  CHECK_THAT(world.Get().status(), IsOk());
  CHECK_THAT(world.Get().status(), IsOk());
  const absl::Status status = world.Get(seconds(59)).status();
  CHECK_THAT(status, HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(DetailsOf(status).retry_after_ms == 60'000);
  CHECK(world.server.asks().size() == 2);

  CHECK_THAT(world.Get(seconds(61)).status(), IsOk());
}

TEST_CASE("a connection that ends in the middle of the body is tried again") {
  World world({{.body = R"([{"close":1)", .delivery = Delivery::kCut}, {.body = "[]"}});
  CHECK(world.Get().value().body == "[]");
  CHECK(world.Count("unreachable") == 1);
}

TEST_CASE("a body that trickles is cut off at the deadline") {
  World world({{.delivery = Delivery::kTrickle}});
  const Instant start = SystemClock().Steady();
  const absl::Status status = world.Get(milliseconds(300)).status();
  CHECK_THAT(status, HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(SystemClock().Steady() - start < seconds(20));
  CHECK(world.Count("too_slow") == 1);
}

TEST_CASE("a body past the limit is malformed and not asked for again") {
  World world({{.body = std::string(5'000, ' ')}}, {.body_limit_bytes = 4'000});
  CHECK_THAT(world.Get().status(), HasReason(Reason::kPROVIDER_MALFORMED));
  CHECK(world.server.asks().size() == 1);
}

TEST_CASE("a redirect is not followed") {
  World world({{.status = 302, .headers = {{"Location", "/elsewhere"}}}});
  CHECK_THAT(world.Get().status(), HasReason(Reason::kPROVIDER_MALFORMED));
  CHECK(world.server.asks().size() == 1);
}

TEST_CASE("three failures in a row open the breaker, and one good answer closes it") {
  World world({{.status = 500}, {.status = 500}, {.status = 500}, {.body = "[]"}});
  CHECK_THAT(world.Get().status(), HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(world.Ask().breaker() == rpc::Breaker::State::kOpen);
  const absl::Status status = world.Get().status();
  CHECK_THAT(status, HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(DetailsOf(status).retry_after_ms > 0);
  CHECK(world.server.asks().size() == 3);
  CHECK(world.metrics.Scrape().find(R"(papertape_provider_breaker_state{provider="polygon"} 2)") != std::string::npos);

  world.clock.Advance(rpc::Breaker::kOpenFor);
  CHECK_THAT(world.Get().status(), IsOk());
  CHECK(world.Ask().breaker() == rpc::Breaker::State::kClosed);
}

TEST_CASE("what counts as too many requests may be said otherwise") {
  World world({{.status = 403, .body = "Access denied because of exceeding access rate"}, {.body = "{}"}},
              {.is_busy = [](const Response& response) { return response.status == 403; }});
  CHECK_THAT(world.Get().status(), IsOk());
  CHECK(world.server.asks().size() == 2);
}

TEST_CASE("hanging up ends a wait for a turn") {
  FakeHttp server([](const HttpAsk&) { return HttpAnswer{.body = "[]"}; });
  rpc::Metrics metrics;
  Client client({.name = "tiingo",
                 .base = ParseBaseUrl(server.url()).value(),
                 .limits = {{.requests = 1, .window = std::chrono::hours(1)}}},
                SystemClock(), SeededRandom(1), metrics);
  const Instant deadline = SystemClock().Steady() + std::chrono::hours(2);
  REQUIRE_THAT(client.Get({.path = "/"}, deadline).status(), IsOk());
  std::thread waiting(
      [&] { CHECK_THAT(client.Get({.path = "/"}, deadline).status(), HasReason(Reason::kPROVIDER_UNAVAILABLE)); });
  client.HangUp();
  waiting.join();
  CHECK(server.asks().size() == 1);
}

TEST_CASE("hanging up ends a wait for an answer") {
  World world({{.delivery = Delivery::kTrickle}});
  Client& client = world.Ask();
  absl::Status ended;
  std::thread caller([&] { ended = world.Get(seconds(60)).status(); });
  const bool is_waiting = testing::Eventually(seconds(20), [&] { return !world.server.asks().empty(); });
  client.HangUp();
  caller.join();
  CHECK(is_waiting);
  CHECK_THAT(ended, HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK_THAT(std::string(MessageOf(ended)), Catch::Matchers::Contains("this process stops"));
}

TEST_CASE("the rest of an answer is asked for where the first part came from") {
  World world({{.body = "[]"}});
  Request rest = world.Ask().Follow("https://elsewhere.example/v2/bars?cursor=a%3Db").value();
  rest.parameters = {{"limit", "2"}};
  REQUIRE_THAT(world.Ask().Get(rest, world.clock.Steady() + seconds(60)).status(), IsOk());
  REQUIRE(world.server.asks().size() == 1);
  CHECK(world.server.asks()[0].path == "/v2/bars");
  CHECK(world.server.asks()[0].Query("cursor") == "a=b");
  CHECK(world.server.asks()[0].Query("limit") == "2");
  CHECK_FALSE(world.Ask().Follow("nonsense"));
}

TEST_CASE("no key appears in an error") {
  World world({HttpAnswer{.status = 500}});
  CHECK(world.Get().status().ToString().find(kKey) == std::string::npos);
}

TEST_CASE("a connection is used again") {
  World world({{.body = "[]"}});
  for (int i = 0; i < 3; ++i) REQUIRE_THAT(world.Get().status(), IsOk());
  CHECK(world.server.asks()[0].Header("remote_port") == world.server.asks()[2].Header("remote_port"));
}

}  // namespace
}  // namespace papertape::http
