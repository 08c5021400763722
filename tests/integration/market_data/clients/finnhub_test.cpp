#include "services/market_data/clients/finnhub.h"

#include <chrono>

#include "libs/rpc/metrics.h"
#include "tests/support/http/fake_http.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Delivery;
using papertape::testing::FakeHttp;
using papertape::testing::HasReason;
using papertape::testing::HttpAnswer;
using papertape::testing::HttpAsk;
using papertape::testing::IsOk;
using testing::Dollars;

constexpr char kKey[] = "a-secret-key";
constexpr char kQuote[] = R"({"c":187.1,"d":1.2,"dp":0.65,"h":188,"l":185.5,"o":186,"pc":185.9,"t":1700000000})";

// Finnhub as it answers; the test says otherwise.
struct AFinnhub {
  HttpAnswer answer{.body = kQuote};
  FakeHttp server{[this](const HttpAsk& ask) {
    if (ask.Query("symbol") == "NOSUCH") {
      return HttpAnswer{.body = R"({"c":0,"d":null,"dp":null,"h":0,"l":0,"o":0,"pc":0,"t":0})"};
    }
    return answer;
  }};
  rpc::Metrics metrics;
  http::Client client{{.name = "finnhub", .base = *http::ParseBaseUrl(server.url() + "/api/v1"), .tries = 1},
                      SystemClock(),
                      [] { return std::uint64_t{1}; },
                      metrics};
  Finnhub finnhub{client, kKey};

  absl::StatusOr<std::vector<Quote>> Ask(const std::vector<std::string>& symbols, std::chrono::milliseconds time = 5s) {
    return finnhub.Quotes(symbols, SystemClock().Steady() + time);
  }
};

TEST_CASE_METHOD(AFinnhub, "a quote is read with its time, its day and the close before it") {
  const auto quotes = Ask({"AAPL"});
  REQUIRE_THAT(quotes.status(), IsOk());
  REQUIRE(quotes->size() == 1);
  const Quote& quote = quotes->front();
  CHECK(quote.symbol == "AAPL");
  CHECK(quote.price == Dollars(187.1));
  CHECK(quote.previous_close == Dollars(185.9));
  CHECK(quote.day_low == Dollars(185.5));
  CHECK(quote.day_high == Dollars(188));
  CHECK(MicrosSinceEpoch(quote.time) == 1'700'000'000'000'000);
  CHECK(quote.source == "finnhub");
  CHECK_FALSE(quote.traded);
  const HttpAsk ask = server.asks().front();
  CHECK(ask.path == "/api/v1/quote");
  CHECK(ask.Query("symbol") == "AAPL");
  CHECK(ask.Query("token") == kKey);
}

TEST_CASE_METHOD(AFinnhub, "zeros mean that there is no such symbol, and others are answered all the same") {
  CHECK_THAT(Ask({"NOSUCH"}).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
  const auto quotes = Ask({"NOSUCH", "AAPL"});
  REQUIRE_THAT(quotes.status(), IsOk());
  CHECK(quotes->size() == 1);
}

TEST_CASE_METHOD(AFinnhub, "each failure has its reason, and none holds the key") {
  for (const auto& [told, reason] : std::initializer_list<std::pair<HttpAnswer, Reason>>{
           {{.status = 401, .body = R"({"error":"Invalid API key"})"}, Reason::kPROVIDER_REFUSED},
           {{.status = 403, .body = R"({"error":"You don't have access to this resource."})"},
            Reason::kPROVIDER_REFUSED},
           {{.status = 429, .body = R"({"error":"API limit reached."})"}, Reason::kPROVIDER_UNAVAILABLE},
           {{.status = 500, .body = "oops"}, Reason::kPROVIDER_UNAVAILABLE},
           {{.body = "<html>"}, Reason::kPROVIDER_MALFORMED},
           {{.body = "[]"}, Reason::kPROVIDER_MALFORMED},
           {{.body = R"({"error":"?"})"}, Reason::kPROVIDER_MALFORMED},
           {{.body = kQuote, .delivery = Delivery::kCut}, Reason::kPROVIDER_UNAVAILABLE}}) {
    INFO(told.status << " " << told.body);
    AFinnhub fresh;  // the breaker remembers
    fresh.answer = told;
    const absl::Status status = fresh.Ask({"AAPL"}, 2s).status();
    CHECK_THAT(status, HasReason(reason));
    CHECK(status.ToString().find(kKey) == std::string::npos);
  }
}

TEST_CASE_METHOD(AFinnhub, "a body that trickles is given up at the deadline") {
  answer.delivery = Delivery::kTrickle;
  CHECK_THAT(Ask({"AAPL"}, 300ms).status(), HasReason(Reason::kPROVIDER_UNAVAILABLE));
}

TEST_CASE_METHOD(AFinnhub, "it is asked for shares of the United States alone") {
  CHECK(finnhub.Can(Ability::kQuote, {.symbol = "AAPL", .exchange = "XNAS"}));
  CHECK_FALSE(finnhub.Can(Ability::kQuote, {.symbol = "TCS.NS", .exchange = "XNSE"}));
  CHECK_FALSE(finnhub.Can(Ability::kQuote, {.symbol = "^GSPC", .exchange = "XNYS", .is_index = true}));
  CHECK_FALSE(finnhub.Can(Ability::kDailyBars, {.symbol = "AAPL", .exchange = "XNAS"}));
}

}  // namespace
}  // namespace papertape::market
