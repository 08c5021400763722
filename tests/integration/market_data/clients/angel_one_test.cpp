#include "services/market_data/clients/angel_one.h"

#include <chrono>
#include <map>
#include <mutex>

#include "fmt/format.h"
#include "libs/clock/fake_clock.h"
#include "libs/rpc/metrics.h"
#include "services/market_data/clients/totp.h"
#include "tests/support/http/fake_http.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::FakeHttp;
using papertape::testing::HasReason;
using papertape::testing::HttpAnswer;
using papertape::testing::HttpAsk;
using papertape::testing::IsOk;
using testing::ABar;
using testing::At;
using testing::Day;
using testing::Dollars;

constexpr char kSecret[] = "12345678901234567890";
const Timestamp kMorning = At("2026-11-20T04:00:10Z");  // half past nine in Mumbai, away from a turn

std::string Success(const std::string& data) {
  return R"({"status":true,"message":"SUCCESS","errorcode":"","data":)" + data + "}";
}
const std::string kTokenRefused = R"({"success":false,"message":"Invalid Token","errorCode":"AG8001","data":""})";

std::string QuoteOf(const std::string& exchange, const std::string& token, const std::string& ltp) {
  return fmt::format(
      R"({{"exchange":"{}","tradingSymbol":"X","symbolToken":"{}","ltp":{},"open":"24900.5","high":25100,)"
      R"("low":24800,"close":24950.25,"exchTradeTime":"20-Nov-2026 09:29:59"}})",
      exchange, token, ltp);
}

// The server of a broker: logs in, gives tokens, answers by path.
struct AnAngel {
  FakeClock clock{kMorning};
  std::mutex mutex;
  std::map<std::string, HttpAnswer> told;  // in place of the usual, by the last part of the path
  int tokens = 0;
  std::string valid = "jwt0";  // the token that is taken
  FakeHttp server{[this](const HttpAsk& ask) { return Answer(ask); }};
  rpc::Metrics metrics;
  http::Client client{
      {.name = "angelone", .base = *http::ParseBaseUrl(server.url()), .tries = 1, .is_busy = IsAngelBusy},
      SystemClock(),
      [] { return std::uint64_t{1}; },
      metrics};
  AngelSession session{
      client, {.api_key = "the-key", .client_code = "A123", .password = "4711", .totp_secret = kSecret}, clock};
  AngelOne angel{session, clock};

  HttpAnswer Answer(const HttpAsk& ask) {
    const std::lock_guard lock(mutex);
    std::string name = ask.path;
    while (name.ends_with('/')) name.pop_back();
    name = name.substr(name.rfind('/') + 1);
    if (const auto found = told.find(name); found != told.end()) return found->second;
    if (name == "loginByPassword" || name == "generateTokens") {
      valid = "jwt" + std::to_string(++tokens);
      // Some of their answers have the prefix already.
      return {.body = Success(fmt::format(R"({{"jwtToken":"Bearer {}","refreshToken":"refresh{}","feedToken":"f"}})",
                                          valid, tokens))};
    }
    if (ask.Header("authorization") != "Bearer " + valid) return {.body = kTokenRefused};
    if (name == "quote") {
      return {.body = Success(R"({"fetched":[)" + QuoteOf("NSE", "99926000", "25000.05") + "," +
                              QuoteOf("BSE", "99919000", R"("82000.10")") + R"(],"unfetched":[]})")};
    }
    if (name == "searchScrip") {
      return {.body = Success(R"([{"exchange":"NSE","tradingsymbol":"TCS-BE","symboltoken":"1"},)"
                              R"({"exchange":"NSE","tradingsymbol":"TCS-EQ","symboltoken":"11536"}])")};
    }
    if (name == "getCandleData") {
      return {.body = Success(R"([["2026-11-19T00:00:00+05:30",100.5,101,99,"100",1234],)"
                              R"(["2026-11-20T00:00:00+05:30",100,103,100,102.25,99]])")};
    }
    return {.status = 404, .body = "{}"};
  }
  absl::StatusOr<std::vector<Quote>> Ask(const std::vector<std::string>& symbols) {
    return angel.Quotes(symbols, SystemClock().Steady() + 5s);
  }
  // The requests to one path.
  std::vector<HttpAsk> Asks(const std::string& path_end) {
    std::vector<HttpAsk> asks;
    for (const HttpAsk& ask : server.asks()) {
      if (ask.path.find(path_end) != std::string::npos) asks.push_back(ask);
    }
    return asks;
  }
  void Tell(const std::string& name, HttpAnswer answer) {
    const std::lock_guard lock(mutex);
    told[name] = std::move(answer);
  }
  void TellNothing() {
    const std::lock_guard lock(mutex);
    told.clear();
  }
};

TEST_CASE_METHOD(AnAngel,
                 "it logs in once with the one-time password of the moment, and quotes indices by their tokens") {
  const auto quotes = Ask({"^NSEI", "^BSESN"});
  REQUIRE_THAT(quotes.status(), IsOk());
  REQUIRE(quotes->size() == 2);
  const Quote& nifty = quotes->front();
  CHECK(nifty.symbol == "^NSEI");
  CHECK(nifty.price == Dollars(25'000.05));
  CHECK(nifty.previous_close == Dollars(24'950.25));
  CHECK(nifty.day_low == Dollars(24'800));
  CHECK(nifty.time == At("2026-11-20T03:59:59Z"));
  CHECK(nifty.source == "angelone");
  CHECK(quotes->back().price == Dollars(82'000.10));
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());

  const auto logins = Asks("loginByPassword");
  REQUIRE(logins.size() == 1);
  CHECK(logins[0].body.find(fmt::format(R"("totp":"{}")", TotpOf(kSecret, TotpStepOf(kMorning)))) != std::string::npos);
  CHECK(logins[0].Header("authorization").empty());
  CHECK(logins[0].Header("x-privatekey") == "the-key");
  for (const char* const name : {"x-usertype", "x-sourceid", "x-clientlocalip", "x-clientpublicip", "x-macaddress"}) {
    CHECK_FALSE(logins[0].Header(name).empty());
  }
  const std::string body = Asks("/quote").front().body;
  CHECK(body == R"({"mode":"FULL","exchangeTokens":{"BSE":["99919000"],"NSE":["99926000"]}})");
}

TEST_CASE_METHOD(AnAngel, "a one-time password is not sent near the turn of its step, nor twice") {
  for (const auto& [into, wait_ms] : {std::pair(1s, 1'000), std::pair(29s, 3'000)}) {
    clock.Advance(At("2026-11-20T04:00:00Z") + into - clock.Now());
    const absl::Status status = Ask({"^NSEI"}).status();
    CHECK_THAT(status, HasReason(Reason::kPROVIDER_UNAVAILABLE));
    CHECK(DetailsOf(status).retry_after_ms == wait_ms);
  }
  CHECK(server.asks().empty());

  clock.Advance(At("2026-11-20T04:01:10Z") - clock.Now());
  Tell("loginByPassword", {.body = R"({"status":"false","message":"Invalid totp","errorcode":"AB1050","data":""})"});
  CHECK_THAT(Ask({"^NSEI"}).status(), HasReason(Reason::kPROVIDER_REFUSED));
  TellNothing();
  CHECK_THAT(Ask({"^NSEI"}).status(), HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(Asks("loginByPassword").size() == 1);
  clock.Advance(30s);
  CHECK_THAT(Ask({"^NSEI"}).status(), IsOk());
  CHECK(Asks("loginByPassword").size() == 2);
}

TEST_CASE_METHOD(AnAngel, "a token that is not taken any more is renewed, and if that fails the day begins anew") {
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());
  {
    const std::lock_guard lock(mutex);
    valid = "another";
  }
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());
  CHECK(Asks("generateTokens").size() == 1);
  CHECK(Asks("generateTokens")[0].body == R"({"refreshToken":"refresh1"})");
  CHECK(Asks("loginByPassword").size() == 1);

  clock.Advance(1min);
  {
    const std::lock_guard lock(mutex);
    valid = "another";
  }
  Tell("generateTokens", {.body = R"({"status":false,"message":"expired","errorcode":"AB8051","data":null})"});
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());
  CHECK(Asks("loginByPassword").size() == 2);
}

TEST_CASE_METHOD(AnAngel, "tokens are renewed after hours, and each day begins with a login") {
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());
  clock.Advance(7h);
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());
  CHECK(Asks("generateTokens").size() == 1);
  clock.Advance(17h);
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());
  CHECK(Asks("generateTokens").size() == 1);
  CHECK(Asks("loginByPassword").size() == 2);
}

TEST_CASE_METHOD(AnAngel, "403 is pacing or refusal by its text, and failures have their reasons") {
  REQUIRE_THAT(Ask({"^NSEI"}).status(), IsOk());
  for (const auto& [answer, reason] : std::initializer_list<std::pair<HttpAnswer, Reason>>{
           {{.status = 403, .body = "Access denied because of exceeding access rate"}, Reason::kPROVIDER_UNAVAILABLE},
           {{.status = 403, .body = "<html>Forbidden</html>"}, Reason::kPROVIDER_REFUSED},
           {{.body = R"({"status":false,"message":"Something","errorcode":"AB1004","data":null})"},
            Reason::kPROVIDER_UNAVAILABLE},
           {{.body = R"({"status":false,"message":"No","errorcode":"AB1009","data":null})"}, Reason::kUNKNOWN_SYMBOL},
           {{.body = "<html>Bad gateway</html>"}, Reason::kPROVIDER_MALFORMED},
           {{.body = ""}, Reason::kPROVIDER_MALFORMED},
           {{.status = 502, .body = ""}, Reason::kPROVIDER_UNAVAILABLE}}) {
    INFO(answer.status << " " << answer.body);
    AnAngel fresh;  // pace and breaker remember
    fresh.Tell("quote", answer);
    const absl::Status status = fresh.angel.Quotes({"^NSEI"}, SystemClock().Steady() + 1s).status();
    CHECK_THAT(status, HasReason(reason));
    for (const char* const secret : {"the-key", "4711", "jwt1"})
      CHECK(status.ToString().find(secret) == std::string::npos);
  }
}

TEST_CASE_METHOD(AnAngel, "a share's token is asked for once, and what a batch leaves out is asked for alone") {
  Tell("getLtpData",
       {.body = Success(R"({"exchange":"NSE","tradingsymbol":"TCS-EQ","symboltoken":"11536","open":"4000",)"
                        R"("high":"4100","low":"3990","close":"3999.5","ltp":"4050.25"})")});
  for (int i = 0; i < 2; ++i) {
    const auto quotes = Ask({"TCS.NS"});
    REQUIRE_THAT(quotes.status(), IsOk());
    REQUIRE(quotes->size() == 1);
    CHECK(quotes->front().price == Dollars(4'050.25));
    CHECK(quotes->front().previous_close == Dollars(3'999.5));
  }
  CHECK(Asks("searchScrip").size() == 1);
  CHECK(Asks("getLtpData").front().body == R"({"exchange":"NSE","tradingsymbol":"TCS-EQ","symboltoken":"11536"})");
  Tell("getLtpData", {.body = Success("null")});
  CHECK_THAT(Ask({"TCS.NS"}).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

TEST_CASE_METHOD(AnAngel,
                 "candles are asked for in parts by the wall clock in Mumbai, and days are named by their date") {
  const BarRequest request{
      .symbol = "^NSEI", .interval = Interval::kDay, .from = Day("2016-11-20"), .until = Day("2026-11-20")};
  const auto provided = angel.Bars(request, SystemClock().Steady() + 5s);
  REQUIRE_THAT(provided.status(), IsOk());
  CHECK(provided->bars == std::vector<Bar>{ABar(Day("2026-11-19"), 100.5, 101, 99, 100, 1'234),
                                           ABar(Day("2026-11-20"), 100, 103, 100, 102.25, 99)});
  const auto asks = Asks("getCandleData");
  REQUIRE(asks.size() == 2);
  CHECK(asks[0].body == R"({"exchange":"NSE","symboltoken":"99926000","interval":"ONE_DAY",)"
                        R"("fromdate":"2016-11-20 00:00","todate":"2022-05-12 23:59"})");
  CHECK(asks[1].body.find(R"("fromdate":"2022-05-13 00:00","todate":"2026-11-20 00:00")") != std::string::npos);
  Tell("getCandleData", {.body = Success(R"([["2026-11-19T00:00:00+05:30",1,2]])")});
  CHECK_THAT(angel.Bars(request, SystemClock().Steady() + 5s).status(), HasReason(Reason::kPROVIDER_MALFORMED));
  Tell("getCandleData", {.body = Success("null")});
  CHECK(angel.Bars(request, SystemClock().Steady() + 5s)->bars.empty());
}

}  // namespace
}  // namespace papertape::market
