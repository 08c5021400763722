#include "gateway/edge.h"

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
using testing::WithBody;

RawResponse Ask(const FakeSuite& suite, std::string_view request) {
  RawClient client(suite.port());
  const auto response = client.Ask(request);
  REQUIRE(response);
  return *response;
}

std::string Bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

// Asks until the answer contains `part`.
RawResponse AskUntil(const FakeSuite& suite, const std::string& request, const std::string& part) {
  const Instant deadline = SystemClock().Steady() + testing::kPatience;
  RawResponse response = Ask(suite, request);
  while (response.body.find(part) == std::string::npos && SystemClock().Steady() < deadline)
    response = Ask(suite, request);
  CHECK_THAT(response.body, Contains(part));
  return response;
}

TEST_CASE("a method that the gateway was not written for is served by its descriptor alone") {
  FakeSuite suite;
  for (const char* path : {"/tools/create", "/tools/create/", "/api/v1/tools/create", "/api/v1/tools/create//"}) {
    CAPTURE(path);
    const RawResponse made = Ask(suite, WithBody("POST", path, R"({"name":"saw","price":150.25,"kind":"SAW"})"));
    CHECK(made.status == 201);
    CHECK_THAT(made.body, Contains(R"("name":"saw","price":150.25)"));
  }
  CHECK_THAT(Ask(suite, Get("/tools/%5ENSEI")).body, Contains(R"("name":"^NSEI")"));
  CHECK_THAT(Ask(suite, Get("/tools/^NSEI")).body, Contains(R"("name":"^NSEI")"));
  CHECK(Ask(suite, Get("/tools/accepted")).status == 202);
  const RawResponse list = Ask(suite, Get("/tools/current", Bearer(FakeSuite::TokenOf(5))));
  CHECK(list.status == 200);
  CHECK_THAT(list.body, Catch::Matchers::StartsWith(R"([{"name":"saw")"));
  CHECK(Ask(suite, Get("/hidden")).status == 404);
}

TEST_CASE("the calendar's routes stand beside the quotes'") {
  const absl::StatusOr<RouteTable> table = RouteTable::Build(SuiteFiles());
  REQUIRE(table.ok());
  for (const auto& [path, rpc] :
       {std::pair{"/market/status", "/papertape.market_data.v1.CalendarService/GetMarketStatus"},
        {"/api/v1/market/calendar/", "/papertape.market_data.v1.CalendarService/ListSessions"},
        {"/market/live/status", "/papertape.market_data.v1.MarketDataService/GetQuote"}}) {
    CAPTURE(path);
    const auto match = table->Match("GET", path);
    REQUIRE(match.ok());
    CHECK(match->route->rpc == rpc);
    CHECK(match->route->upstream == kMarketData);
  }
}

TEST_CASE("no method between services has a route") {
  const absl::StatusOr<RouteTable> table = RouteTable::Build(SuiteFiles());
  REQUIRE(table.ok());
  REQUIRE_FALSE(table->routes().empty());
  for (const auto& route : table->routes()) {
    CAPTURE(route->rpc);
    CHECK(route->api.access() != api::v1::ACCESS_INTERNAL);
    CHECK(route->api.access() != api::v1::ACCESS_UNSPECIFIED);
  }
}

TEST_CASE("identity and ids travel with the call") {
  FakeSuite suite;
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string token = FakeSuite::TokenOf(5);
  const RawResponse response = Ask(suite, Get("/tools/current", "authorization: bearer " + token +
                                                                    "\r\nX-Request-ID: abc-1\r\ntraceparent: " + trace +
                                                                    "\r\nIdempotency-Key: k1\r\n"
                                                                    "X-Client-Address: 203.0.113.9\r\n"
                                                                    "X-Papertape-Service: guess\r\n"));
  CHECK(response.status == 200);
  CHECK(response.Header("X-Request-Id") == "abc-1");
  const testing::Metadata metadata = suite.workshop().metadata();
  CHECK(metadata.at("authorization") == "Bearer " + token);
  CHECK(metadata.at("x-request-id") == "abc-1");
  CHECK(metadata.at("traceparent") == trace);
  CHECK(metadata.at("idempotency-key") == "k1");
  CHECK(metadata.at("x-client-address") == "127.0.0.1");
  CHECK(metadata.at("x-papertape-edge").size() == 64);
  CHECK_FALSE(metadata.contains("x-papertape-service"));
}

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

TEST_CASE("an id that is not sane is replaced, a missing one made") {
  FakeSuite suite;
  for (const char* header : {"", "X-Request-Id: a b\r\n", "X-Request-Id: <script>\r\n"}) {
    const RawResponse response = Ask(suite, Get("/tools/x", header));
    CHECK(response.Header("X-Request-Id").size() == 32);
    CHECK(suite.workshop().metadata().at("x-request-id") == response.Header("X-Request-Id"));
    CHECK(IsTraceparent(suite.workshop().metadata().at("traceparent")));
  }
}

TEST_CASE("who may not call is refused before the service is asked") {
  FakeSuite suite;
  const std::string good = FakeSuite::TokenOf(5);
  // {"alg":"none"} with the same claims and no signature.
  const std::string none =
      "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0" + good.substr(good.find('.'), good.rfind('.') - good.find('.') + 1);
  struct Case {
    std::string headers;
    const char* code;
  };
  for (const auto& [headers, code] :
       std::vector<Case>{{"", "UNAUTHENTICATED"},
                         {"Authorization: Basic abc\r\n", "UNAUTHENTICATED"},
                         {Bearer("nonsense"), "INVALID_TOKEN"},
                         {Bearer(good + "x"), "INVALID_TOKEN"},
                         {Bearer(none), "INVALID_TOKEN"},
                         {Bearer(FakeSuite::TokenOf(5, -std::chrono::hours(1))), "TOKEN_EXPIRED"}}) {
    CAPTURE(headers);
    const RawResponse response = Ask(suite, Get("/tools/current", headers));
    CHECK(response.status == 401);
    CHECK(response.Header("Content-Type") == "application/problem+json");
    CHECK(response.Header("WWW-Authenticate") == "Bearer");
    CHECK_THAT(response.body, Contains(std::string(R"("code":")") + code));
  }
  CHECK(suite.workshop().calls() == 0);
}

TEST_CASE("bad input is refused by the name of its field and reaches no service") {
  FakeSuite suite;
  struct Case {
    std::string body;
    int status;
    const char* part;
  };
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "[";
  for (const auto& [body, status, part] : std::vector<Case>{
           {R"({"price":)", 400, "MALFORMED_REQUEST"},
           {R"({"price":NaN})", 400, R"("errors":[{"field":"price")"},
           {R"({"price":1e400})", 400, R"("errors":[{"field":"price")"},
           {R"({"price":1.0000001})", 400, R"({"field":"price","message":"has more than six decimal places"})"},
           {R"({"price":"abc","serial":"x"})", 400, R"({"field":"serial")"},
           {R"({"maker":{"name":7}})", 400, R"({"field":"maker.name","message":"must be a string"})"},
           {"{\"name\":\"\xFF\"}", 400, "MALFORMED_REQUEST"},
           {R"({"unknown":)" + deep, 400, "nested deeper"},
           {std::string(20'000'000, ' '), 413, "BODY_TOO_LARGE"}}) {
    CAPTURE(body.substr(0, 100));
    const RawResponse response = Ask(suite, WithBody("POST", "/tools/create", body));
    CHECK(response.status == status);
    CHECK(response.Header("Content-Type") == "application/problem+json");
    CHECK_FALSE(response.Header("X-Request-Id").empty());
    CHECK_THAT(response.body, Contains(part));
  }
  CHECK(Ask(suite, WithBody("POST", "/tools/create", "{}", "Content-Type: text/plain\r\n")).status == 415);
  CHECK(Ask(suite, Get("/tools/%zz")).status == 400);
  CHECK(Ask(suite, Get("/tools/%FF")).status == 400);
  CHECK(Ask(suite, Get("/tools/%00")).status == 400);
  CHECK(suite.workshop().calls() == 0);
}

TEST_CASE("a service's refusal arrives with its reason, fields and figures") {
  FakeSuite suite;
  const RawResponse margin = Ask(suite, WithBody("POST", "/fail/margin", ""));
  CHECK(margin.status == 400);
  CHECK_THAT(margin.body, Contains(R"("code":"INSUFFICIENT_MARGIN")") && Contains(R"("available_margin":12.5)"));
  const RawResponse fields = Ask(suite, WithBody("POST", "/fail/fields", "{}"));
  CHECK_THAT(fields.body,
             Contains(R"("errors":[{"field":"quantity","message":"must be more than 0"},{"field":"stop_loss")"));
  CHECK(Ask(suite, WithBody("POST", "/fail/later", "{}")).Header("Retry-After") == "3");
}

TEST_CASE("a service's fault says nothing of what went wrong inside") {
  FakeSuite suite;
  for (const char* path : {"/fail/bare", "/fail/internal"}) {
    const RawResponse response = Ask(suite, WithBody("POST", path, "{}"));
    CHECK(response.status == 500);
    CHECK_THAT(response.body, !Contains("secret") && !Contains("10.0.0.1"));
  }
  const RawResponse gone = Ask(suite, WithBody("POST", "/fail/bare_gone", "{}"));
  CHECK(gone.status == 404);
  CHECK_THAT(gone.body, !Contains("users"));
}

TEST_CASE("an answer that takes longer than the method's deadline is 504") {
  FakeSuite suite;
  const RawResponse response = Ask(suite, WithBody("POST", "/fail/hang", "{}"));
  CHECK(response.status == 504);
  CHECK_THAT(response.body, Contains("DEADLINE_EXCEEDED"));
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

// The value of a metric, as /metrics prints it.
std::string MetricOf(const FakeSuite& suite, const std::string& name) {
  const std::string text = Ask(suite, Get("/metrics")).body;
  const std::size_t at = text.find("\n" + name + " ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
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

TEST_CASE("unknown paths are 404, known ones with another verb 405") {
  FakeSuite suite;
  CHECK(Ask(suite, Get("/nothing")).status == 404);
  const RawResponse response = Ask(suite, WithBody("DELETE", "/tools/create", ""));
  CHECK(response.status == 405);
  CHECK(response.Header("Allow") == "GET, HEAD, OPTIONS, POST, PUT");
  const RawResponse options = Ask(suite, "OPTIONS /tools/current HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(options.status == 204);
  CHECK(options.Header("Allow") == "GET, HEAD, OPTIONS, PUT");
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

TEST_CASE("the quote board answers while its quote is fresh, the service otherwise") {
  FakeSuite suite;
  CHECK_THAT(Ask(suite, Get("/market/live/AAPL")).body, Contains(R"("source":"asked")"));
  suite.Quote("AAPL", 150'250'000);
  suite.Quote("^NSEI", 25'000'000'000);
  suite.Quote("OLD", 1'000'000, true);
  const RawResponse quote = AskUntil(suite, Get("/api/v1/market/live/AAPL/"), R"("source":"simulator")");
  CHECK_THAT(quote.body, Catch::Matchers::StartsWith(R"({"symbol":"AAPL","price":150.25,"timestamp":"2)"));
  CHECK_THAT(quote.body, Contains(R"("bid":null)") && Contains(R"("stale":false})"));
  for (const char* path : {"/market/live/^NSEI", "/market/live/%5Ensei", "/market/live/.NSEI"}) {
    CHECK_THAT(AskUntil(suite, Get(path), "simulator").body, Contains(R"("symbol":"^NSEI","price":25000)"));
  }
  CHECK_THAT(Ask(suite, Get("/market/live/OLD")).body, Contains(R"("source":"asked")"));
  CHECK(Ask(suite, Get("/market/live/NOPE")).status == 404);
  suite.CutStreams();
  suite.Quote("AAPL", 151'000'000);
  AskUntil(suite, Get("/market/live/AAPL"), R"("price":151,)");
}

TEST_CASE("health tells of every service, metrics of every route") {
  FakeSuite suite;
  const RawResponse health = AskUntil(suite, Get("/health"), R"("status":"ok")");
  CHECK(health.status == 200);
  CHECK_THAT(health.body, Contains(R"("services":{"auth":{"status":"SERVING","latency_ms":)") &&
                              Contains(R"("notification":{"status":"SERVING")") && Contains(R"("version":"0)"));
  CHECK(Ask(suite, Get("/health/ready")).status == 200);
  CHECK(Ask(suite, Get("/health/live/")).body == R"({"status":"ok"})");
  Ask(suite, Get("/tools/x"));
  const RawResponse metrics = Ask(suite, Get("/metrics"));
  CHECK_THAT(metrics.Header("Content-Type"), Contains("text/plain"));
  CHECK_THAT(metrics.body,
             Contains(R"(papertape_http_requests_total{route="/tools/{name}",status="2xx",verb="GET"} 1)"));
  CHECK_THAT(metrics.body, Contains("papertape_http_connections"));
}

TEST_CASE("HEAD answers the head of GET") {
  FakeSuite suite;
  RawClient client(suite.port());
  client.Send("HEAD /tools/x HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto head = client.Read(true);
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(std::stoi(head->Header("Content-Length")) > 2);
  CHECK(client.Ask(Get("/tools/x"))->status == 200);
}

TEST_CASE("stopping lets a running request be answered") {
  FakeSuite suite;
  RawClient client(suite.port());
  client.Send(WithBody("POST", "/fail/hang", "{}"));
  const Instant deadline = SystemClock().Steady() + testing::kPatience;
  while (suite.workshop().calls() == 0 && SystemClock().Steady() < deadline) std::this_thread::yield();
  suite.gateway().Stop();
  const auto response = client.Read();
  REQUIRE(response);
  CHECK(response->status == 504);
  CHECK(response->Header("Connection") == "close");
  CHECK(client.Ended());
}

}  // namespace
}  // namespace papertape::gateway
