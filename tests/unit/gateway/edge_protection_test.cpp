// What the edge holds off: too many requests, too large answers, dead services, foreign origins, forged addresses.
#include "libs/rpc/breaker.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/asking.h"

namespace papertape::gateway {
namespace {

using Catch::Matchers::Contains;
using testing::Ask;
using testing::Bearer;
using testing::FakeSuite;
using testing::Get;
using testing::MetricOf;
using testing::RawResponse;
using testing::WithBody;

TEST_CASE("a trusted proxy says who the client is, a client does not") {
  const std::string headers = "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\n";
  FakeSuite open;
  Ask(open, Get("/tools/x", headers));
  CHECK(open.workshop().metadata().at("x-client-address") == "127.0.0.1");
  FakeSuite behind([](Config& config) {
    config.proxies = {{*AddressRange::Parse("127.0.0.1")}, TrustedProxies::HeaderKind::kXForwardedFor};
    config.rate_limits.anonymous = 1;
  });
  CHECK(Ask(behind, Get("/tools/x", headers)).status == 200);
  CHECK(behind.workshop().metadata().at("x-client-address") == "203.0.113.9");
  CHECK(Ask(behind, Get("/tools/x", headers)).status == 429);
  CHECK(Ask(behind, Get("/tools/x", "X-Forwarded-For: 203.0.113.10\r\n")).status == 200);
}

TEST_CASE("a service that is down is 503 with a time to come back, soon without being asked") {
  FakeSuite suite;
  suite.StopServices();
  for (int i = 0; i < 5; ++i) {
    const RawResponse response = Ask(suite, Get("/tools/x"));
    CHECK(response.status == 503);
    CHECK_FALSE(response.Header("Retry-After").empty());
    CHECK_THAT(response.body, Contains(R"("code":"UNAVAILABLE")") && !Contains(".sock"));
  }
  const RawResponse health = Ask(suite, Get("/health"));
  CHECK(health.status == 503);
  CHECK_THAT(health.body, Contains(R"("signal":{"status":"UNAVAILABLE",)") && Contains(R"("breaker":"open"})"));
  CHECK(Ask(suite, Get("/health/ready")).status == 503);
  CHECK(Ask(suite, Get("/health/live")).status == 200);
}

TEST_CASE("an open breaker answers without a call, and the metrics tell of it") {
  FakeSuite suite;
  CHECK(MetricOf(suite, R"(papertape_upstream_breaker_state{upstream="signal"})") == "0");
  suite.StopServices();
  for (int i = 0; i < rpc::Breaker::kFailures; ++i) Ask(suite, WithBody("POST", "/tools/create", "{}"));
  const std::string calls = MetricOf(suite, R"(papertape_upstream_calls_total{upstream="signal"})");
  CHECK(calls == std::to_string(rpc::Breaker::kFailures));
  for (int i = 0; i < 5; ++i) {
    const RawResponse response = Ask(suite, WithBody("POST", "/tools/create", "{}"));
    CHECK(response.status == 503);
    CHECK_FALSE(response.Header("Retry-After").empty());
  }
  CHECK(MetricOf(suite, R"(papertape_upstream_calls_total{upstream="signal"})") == calls);
  CHECK(MetricOf(suite, R"(papertape_upstream_breaker_state{upstream="signal"})") == "2");
  CHECK(MetricOf(suite, R"(papertape_upstream_breaker_changes_total{to="open",upstream="signal"})") == "1");
}

TEST_CASE("refusals and faults of a service do not open its breaker") {
  FakeSuite suite;
  for (int i = 0; i < 3 * rpc::Breaker::kFailures; ++i) {
    for (const char* path : {"/fail/margin", "/fail/later", "/fail/bare"}) Ask(suite, WithBody("POST", path, "{}"));
  }
  CHECK(Ask(suite, Get("/tools/x")).status == 200);
  CHECK(MetricOf(suite, R"(papertape_upstream_breaker_state{upstream="signal"})") == "0");
}

TEST_CASE("an answer that is too large is refused in place of being sent") {
  FakeSuite suite([](Config& config) { config.response_bytes = 2'000; });
  const std::string name(1'500, 'x');
  CHECK(Ask(suite, WithBody("POST", "/tools/create", R"({"name":")" + name + R"("})")).status == 201);
  // Small enough as a message and too large as JSON; too large as a message.
  for (const std::string& text : {std::string(1'500, '"'), std::string(5'000, 'x')}) {
    std::string body = R"({"name":")";
    for (const char c : text) body += c == '"' ? std::string("\\\"") : std::string(1, c);
    const RawResponse refused = Ask(suite, WithBody("POST", "/tools/create", body + R"("})"));
    CHECK(refused.status == 500);
    CHECK_THAT(refused.body, Contains(R"("code":"RESPONSE_TOO_LARGE")"));
  }
}

TEST_CASE("every answer tells browsers to store, frame, guess at and run nothing") {
  FakeSuite suite;
  for (const std::string& request :
       {Get("/tools/x"), Get("/tools/current", Bearer(FakeSuite::TokenOf(5))), Get("/tools/current"), Get("/nothing"),
        Get("/health/live"), std::string("nonsense\r\n\r\n"), Get("/tools/x", "Origin: https://a.example\r\n")}) {
    CAPTURE(request);
    const RawResponse response = Ask(suite, request);
    CHECK(response.Header("X-Content-Type-Options") == "nosniff");
    CHECK(response.Header("X-Frame-Options") == "DENY");
    CHECK(response.Header("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'");
    CHECK(response.Header("Referrer-Policy") == "no-referrer");
    CHECK(response.Header("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(response.Header("Cache-Control") == "no-store");
    // Of plain HTTP nothing is promised, and no origin is let in that nobody named.
    CHECK(response.Header("Strict-Transport-Security").empty());
    CHECK(response.Header("Access-Control-Allow-Origin").empty());
    CHECK(response.Header("Server").empty());
  }
}

TEST_CASE("only configured origins may read answers") {
  FakeSuite suite([](Config& config) { config.cors_origins = {"https://a.example"}; });
  const RawResponse friendly = Ask(suite, Get("/tools/x", "Origin: https://a.example\r\n"));
  CHECK(friendly.Header("Access-Control-Allow-Origin") == "https://a.example");
  CHECK(friendly.Header("Vary") == "Origin");
  CHECK(Ask(suite, Get("/tools/x", "Origin: https://b.example\r\n")).Header("Access-Control-Allow-Origin").empty());
  const RawResponse preflight = Ask(suite,
                                    "OPTIONS /tools/create HTTP/1.1\r\nHost: t\r\nOrigin: https://a.example\r\n"
                                    "Access-Control-Request-Method: POST\r\n\r\n");
  CHECK(preflight.status == 204);
  CHECK_THAT(preflight.Header("Access-Control-Allow-Methods"), Contains("POST"));
  CHECK_THAT(preflight.Header("Access-Control-Allow-Headers"), Contains("Authorization"));
  CHECK(preflight.Header("Access-Control-Allow-Origin") == "https://a.example");
  CHECK(preflight.Header("Access-Control-Max-Age") == "600");
  CHECK(preflight.Header("Vary") == "Origin");
  // Credentials are bearer tokens: no origin, named or any, may send cookies along.
  FakeSuite open([](Config& config) { config.cors_origins = {"*"}; });
  const RawResponse anybody = Ask(open, Get("/tools/x", "Origin: https://b.example\r\n"));
  CHECK(anybody.Header("Access-Control-Allow-Origin") == "*");
  for (const RawResponse* response : {&friendly, &preflight, &anybody}) {
    CHECK(response->Header("Access-Control-Allow-Credentials").empty());
  }
  for (const char* origin : {"null", "https://a.example.evil.com", "http://a.example", "https://A.example/x"}) {
    CAPTURE(origin);
    const RawResponse stranger = Ask(suite, Get("/tools/x", std::string("Origin: ") + origin + "\r\n"));
    CHECK(stranger.Header("Access-Control-Allow-Origin").empty());
    CHECK(stranger.Header("Vary") == "Origin");
  }
}

TEST_CASE("requests over the limit are 429 and say when to come back") {
  FakeSuite suite([](Config& config) { config.rate_limits = {.user = 3, .anonymous = 2, .login = 1}; });
  const RawResponse first = Ask(suite, Get("/tools/x"));
  CHECK(first.Header("RateLimit-Limit") == "2");
  CHECK(first.Header("RateLimit-Remaining") == "1");
  CHECK(Ask(suite, Get("/tools/x")).status == 200);
  const RawResponse over = Ask(suite, Get("/tools/x"));
  CHECK(over.status == 429);
  CHECK_THAT(over.body, Contains(R"("code":"RATE_LIMITED")"));
  CHECK(over.Header("RateLimit-Remaining") == "0");
  CHECK(std::stoi(over.Header("Retry-After")) > 0);
  // A user has a limit of their own, and signing in another.
  CHECK(Ask(suite, Get("/tools/x", Bearer(FakeSuite::TokenOf(5)))).Header("RateLimit-Limit") == "3");
  CHECK(Ask(suite, WithBody("POST", "/fail/margin", "{}")).status == 400);
  CHECK(Ask(suite, WithBody("POST", "/fail/margin", "{}", Bearer(FakeSuite::TokenOf(6)))).status == 429);
  CHECK(Ask(suite, Get("/health/live")).status == 200);
}

}  // namespace
}  // namespace papertape::gateway
