// GET /stocks/{symbol}/features over real bars: TA-Lib's method, whatever range is asked for.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <sstream>

#include "libs/clock/fake_clock.h"
#include "libs/indicators/feature.h"
#include "libs/rpc/metrics.h"
#include "libs/rpc/status_wire.h"
#include "services/market_data/domain/adjusted_bars.h"
#include "services/market_data/domain/bar_csv.h"
#include "services/market_data/rpc/indicator_service.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/integration/market_data/talib_method.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::ABar;
using testing::Column;
using testing::Day;
using testing::MarketDatabase;
using testing::Series;

const std::string kSecret = "a secret of the suite, at least 32 bytes";

// The service behind a real gate and a gRPC server in this process.
struct AService : MarketDatabase {
  FakeClock quote_clock{SystemClock().Now()};
  QuoteBook book{5'000ms, quote_clock};
  AdjustedBars adjusted{bars, actions, SystemClock()};
  FeatureHistory features{adjusted, book};
  rpc::Metrics metrics;
  auth::TokenVerifier verifier{{.secret = kSecret}, SystemClock()};
  rpc::Gate gate{{.secret_key = kSecret, .worker_threads = 2}, verifier, SystemClock(), metrics};
  IndicatorService service{gate, features};
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<pb::IndicatorService::Stub> stub;

  AService() {
    book.Admit({"AAPL", "^GSPC"});
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    server = builder.BuildAndStart();
    stub = pb::IndicatorService::NewStub(server->InProcessChannel({}));
  }
  ~AService() { server->Shutdown(); }

  absl::StatusOr<pb::ListFeaturesReply> Ask(const pb::ListFeaturesRequest& request) {
    grpc::ClientContext context;
    context.set_deadline(ToSystemTime(SystemClock().Now() + 30s));
    pb::ListFeaturesReply reply;
    const absl::Status status = rpc::FromGrpc(stub->ListFeatures(&context, request, &reply));
    if (!status.ok()) return status;
    return reply;
  }
};

pb::ListFeaturesRequest About(const std::string& symbol, const std::string& indicators = "") {
  pb::ListFeaturesRequest request;
  request.set_symbol(symbol);
  request.set_indicators(indicators);
  return request;
}

double Plain(Price price) { return static_cast<double>(price.micros()) / 1e6; }

Series SeriesOf(const std::vector<Bar>& bars) {
  Series series;
  for (const Bar& bar : bars) {
    series.high.push_back(Plain(bar.high));
    series.low.push_back(Plain(bar.low));
    series.close.push_back(Plain(bar.close));
    series.volume.push_back(static_cast<double>(bar.volume));
  }
  return series;
}

bool Agree(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::fabs(a - b) <= 1e-9 * std::fabs(b) + 1e-9;
}

// The rows are the bars from `first` on, each with the value of every column at its place.
void CheckRows(const pb::ListFeaturesReply& reply, const std::vector<Bar>& bars, std::size_t first,
               const std::map<std::string, Column>& columns) {
  REQUIRE(first + static_cast<std::size_t>(reply.features_size()) <= bars.size());
  for (int row = 0; row < reply.features_size(); ++row) {
    const std::size_t at = first + static_cast<std::size_t>(row);
    REQUIRE(reply.features(row).date() == FormatDate(bars[at].time));
    REQUIRE(reply.features(row).values_size() == static_cast<int>(columns.size()));
    for (const auto& [name, column] : columns) {
      const double value = reply.features(row).values().at(name);
      INFO(name << " on " << reply.features(row).date() << ": " << value << ", by the method " << column[at]);
      REQUIRE(Agree(value, column[at]));
    }
  }
}

std::map<std::string, Column> ReadColumns(const std::string& csv) {
  std::istringstream lines(csv);
  std::string line;
  std::string cell;
  std::vector<std::string> names;
  std::getline(lines, line);
  for (std::istringstream cells(line); std::getline(cells, cell, ',');) names.push_back(cell);
  std::map<std::string, Column> columns;
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    for (const std::string& name : names) {
      if (!std::getline(cells, cell, ',')) cell.clear();
      columns[name].push_back(cell.empty() ? testing::kNone : std::strtod(cell.c_str(), nullptr));
    }
  }
  return columns;
}

TEST_CASE("the method of these tests is TA-Lib's: it gives the golden columns") {
  PT_SHARED_DATA_OR_SKIP(csv, "talib/golden_252_talib_c_0.4.csv");
  std::map<std::string, Column> golden = ReadColumns(*csv);
  const std::map<std::string, Column> ours =
      testing::DefaultFeaturesByMethod({golden["high"], golden["low"], golden["close"], golden["volume"]});
  for (const auto& [name, column] : {std::pair{"rsi_14", "RSI_14"},
                                     {"macd", "MACD_12_26_9"},
                                     {"macd_signal", "MACD_SIGNAL"},
                                     {"macd_hist", "MACD_HIST"},
                                     {"bb_upper", "BB20_UPPER"},
                                     {"bb_middle", "BB20_MIDDLE"},
                                     {"bb_lower", "BB20_LOWER"},
                                     {"sma_20", "SMA_20"},
                                     {"ema_12", "EMA_12"},
                                     {"ema_26", "EMA_26"},
                                     {"atr_14", "ATR_14"},
                                     {"adx_14", "ADX_14"},
                                     {"stoch_k", "STOCH_14_3_SLOWK"},
                                     {"stoch_d", "STOCH_14_3_3_SLOWD"},
                                     {"obv", "OBV"}}) {
    for (std::size_t i = 0; i < 252; ++i) {
      INFO(name << " at bar " << i << ": " << ours.at(name)[i] << ", TA-Lib's " << golden.at(column)[i]);
      REQUIRE(Agree(ours.at(name)[i], golden.at(column)[i]));
    }
  }
}

TEST_CASE_METHOD(AService, "the default features of twenty years of the S&P 500 are TA-Lib's, whatever the range") {
  PT_SHARED_DATA_OR_SKIP(csv, "daily/^GSPC.csv");
  const auto recorded = ParseBarCsv(*csv);
  REQUIRE_THAT(recorded.status(), IsOk());
  REQUIRE_THAT(bars.AddMissing("^GSPC", Interval::kDay, *recorded, "vega-datasets").status(), IsOk());
  const std::map<std::string, Column> columns = testing::DefaultFeaturesByMethod(SeriesOf(*recorded));
  REQUIRE(columns.size() == 18);

  pb::ListFeaturesRequest request = About("^GSPC");
  request.set_start("2000-01-01");
  request.set_limit(5000);
  const auto all = Ask(request);
  REQUIRE_THAT(all.status(), IsOk());
  CHECK(all->source() == "vega-datasets");
  REQUIRE(all->features_size() == 5000);
  CheckRows(*all, *recorded, 0, columns);
  request.set_cursor(all->next_cursor());
  const auto rest = Ask(request);
  REQUIRE_THAT(rest.status(), IsOk());
  CHECK(rest->features_size() == 105);
  CHECK_FALSE(rest->has_next_cursor());
  CheckRows(*rest, *recorded, 5000, columns);

  pb::ListFeaturesRequest newest = About("^GSPC");
  newest.set_limit(3);
  CheckRows(*Ask(newest), *recorded, recorded->size() - 3, columns);
  pb::ListFeaturesRequest october = About("^GSPC");
  october.set_start("2008-10-01");
  october.set_end("2008-10-31");
  const auto month = Ask(october);
  REQUIRE(month->features_size() == 23);
  const auto at =
      std::find_if(recorded->begin(), recorded->end(), [](const Bar& bar) { return bar.time == Day("2008-10-01"); });
  CheckRows(*month, *recorded, static_cast<std::size_t>(at - recorded->begin()), columns);
}

TEST_CASE_METHOD(AService, "adjusted features are those of adjusted prices") {
  std::vector<Bar> days;
  for (int i = 0; i < 4; ++i) {
    Bar bar = ABar(Day("2020-01-06") + std::chrono::days(i), 10, 12, 8, 10);
    if (i < 2) bar.adjusted_close = testing::Dollars(5);  // a split of 2:1 after the second day
    days.push_back(bar);
  }
  REQUIRE_THAT(bars.AddMissing("AAPL", Interval::kDay, days, "test").status(), IsOk());
  pb::ListFeaturesRequest request = About("AAPL", "sma_1,trange,high_highest_2");
  request.set_adjusted("all");
  const auto reply = Ask(request);
  REQUIRE_THAT(reply.status(), IsOk());
  CHECK(reply->features(0).values().at("sma_1") == 5);
  CHECK(std::isnan(reply->features(0).values().at("trange")));
  CHECK(reply->features(1).values().at("trange") == 2);
  CHECK(reply->features(1).values().at("high_highest_2") == 6);
  CHECK(reply->features(2).values().at("trange") == 7);
  CHECK(reply->indicators(2) == "high_highest_2");
}

TEST_CASE_METHOD(AService,
                 "a wrong request for features is refused for all its fields, before its symbol is looked up") {
  pb::ListFeaturesRequest request = About("NOPE", "sma_20,rsii_14");
  request.set_start("yesterday");
  request.set_limit(6000);
  const absl::Status wrong = Ask(request).status();
  CHECK_THAT(wrong, HasReason(Reason::kINVALID_ARGUMENT) && NamesField("indicators") && NamesField("start") &&
                        NamesField("limit"));
  CHECK_THAT(Ask(About("NOPE")).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
  std::string many = "rsi_2";
  for (int n = 3; n < 34; ++n) many += ",rsi_" + std::to_string(n);
  pb::ListFeaturesRequest large = About("^GSPC", many);
  large.set_limit(3126);
  CHECK_THAT(Ask(large).status(), NamesField("limit"));
  large.set_limit(3125);
  CHECK_THAT(Ask(large).status(), IsOk());
}

TEST_CASE_METHOD(AService, "where nothing is recorded there are no rows") {
  pb::ListFeaturesRequest request = About("AAPL", "rsi");
  for (const char* const interval : {"", "5m", "1w"}) {
    request.set_interval(interval);
    const auto reply = Ask(request);
    REQUIRE_THAT(reply.status(), IsOk());
    CHECK(reply->features_size() == 0);
    CHECK(reply->indicators_size() == 1);
  }
}

TEST_CASE_METHOD(AService, "the list of indicators says how each is asked for") {
  grpc::ClientContext context;
  pb::ListIndicatorsRequest request;
  pb::ListIndicatorsReply reply;
  REQUIRE(stub->ListIndicators(&context, request, &reply).ok());
  CHECK(reply.default_features_size() == 18);
  CHECK(reply.indicators_size() >= 60);
  for (const pb::Indicator& indicator : reply.indicators()) {
    INFO(indicator.name());
    CHECK_FALSE(indicator.formula().empty());
    for (const std::string& feature : indicator.features()) {
      CHECK(indicators::ParseFeatures(feature).features.size() == 1);
    }
  }
  grpc::ClientContext again;
  request.set_search("Strength");
  REQUIRE(stub->ListIndicators(&again, request, &reply).ok());
  CHECK(reply.indicators_size() == 2);
}

}  // namespace
}  // namespace papertape::market
