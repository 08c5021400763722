#include "gateway/edge.h"

#include "tests/support/catch.h"
#include "tests/unit/gateway/asking.h"

namespace papertape::gateway {
namespace {

using Catch::Matchers::Contains;
using testing::Ask;
using testing::AskUntil;
using testing::Bearer;
using testing::FakeSuite;
using testing::Get;
using testing::RawClient;
using testing::RawResponse;
using testing::WithBody;

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

TEST_CASE("the quote board forgets the market that it leaves, and goes by the clock of the one that it is in") {
  FakeSuite suite;
  const Timestamp then = *ParseRfc3339("2008-10-01T14:00:00Z");
  suite.Quote("AAPL", 150'250'000);
  AskUntil(suite, Get("/market/live/AAPL"), R"("source":"simulator")");

  suite.ReplayedQuote(1, then, "MSFT", 25'000'000);
  AskUntil(suite, Get("/market/live/MSFT"), R"("price":25,"timestamp":"2008-10-01T14:00:00Z")");
  CHECK_THAT(Ask(suite, Get("/market/live/AAPL")).body, Contains(R"("source":"asked")"));
  suite.ReplayBeat(1, then + std::chrono::minutes(1));
  AskUntil(suite, Get("/market/live/MSFT"), R"("source":"asked")");
  suite.ReplayedQuote(1, then + std::chrono::minutes(1), "MSFT", 26'000'000);
  AskUntil(suite, Get("/market/live/MSFT"), R"("price":26,)");
  suite.CutStreams();  // who tells no clock is not believed for ever
  AskUntil(suite, Get("/market/live/MSFT"), R"("source":"asked")");

  suite.ReplayedQuote(1, then + std::chrono::minutes(2), "MSFT", 27'000'000);
  AskUntil(suite, Get("/market/live/MSFT"), R"("price":27,)");
  suite.Quote("AAPL", 151'000'000);
  AskUntil(suite, Get("/market/live/AAPL"), R"("price":151,)");
  CHECK_THAT(Ask(suite, Get("/market/live/MSFT")).body, Contains(R"("source":"asked")"));
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
