#include <algorithm>
#include <array>
#include <charconv>

#include "fmt/format.h"
#include "libs/calendar/time_zone.h"
#include "tests/support/market/fakes.h"

namespace papertape::testing {
namespace {

using market::Bar;
using market::CorporateAction;
using market::Split;

constexpr std::size_t kRowOfNulls = 2;

std::int64_t OpenInNewYork(Timestamp day) {
  const calendar::Date date(std::chrono::floor<std::chrono::days>(day).time_since_epoch());
  constexpr std::chrono::minutes kOpen = std::chrono::hours(9) + std::chrono::minutes(30);
  return MicrosSinceEpoch(calendar::ToInstant(calendar::Zone::kNewYork, date, kOpen)) / 1'000'000;
}

// What one share of `day` has become by today.
double SharesToday(Timestamp day, const std::vector<CorporateAction>& actions) {
  double shares = 1;
  for (const CorporateAction& action : actions) {
    const auto* split = std::get_if<Split>(&action.what);
    if (split == nullptr || action.ex_date <= day) continue;
    shares *= static_cast<double>(split->numerator.micros()) / static_cast<double>(split->denominator.micros());
  }
  return shares;
}

// A 32-bit float, printed as if it were a double.
std::string AsFloat(Price price, double shares) {
  const auto kept = static_cast<float>(static_cast<double>(price.micros()) / 1e6 / shares);
  return fmt::format("{}", static_cast<double>(kept));
}

std::string Events(const Listing& listing, Timestamp from) {
  std::string dividends;
  std::string splits;
  for (const CorporateAction& action : listing.actions) {
    if (action.ex_date < from) continue;
    const std::int64_t at = OpenInNewYork(action.ex_date);
    if (const auto* split = std::get_if<Split>(&action.what)) {
      splits += fmt::format(R"({}"{}":{{"date":{},"numerator":{},"denominator":{},"splitRatio":"{}:{}"}})",
                            splits.empty() ? "" : ",", at, at, Format(split->numerator), Format(split->denominator),
                            Format(split->numerator), Format(split->denominator));
    } else {
      const Price paid = std::get<market::Dividend>(action.what).amount;
      dividends += fmt::format(R"({}"{}":{{"amount":{},"date":{}}})", dividends.empty() ? "" : ",", at,
                               AsFloat(paid, SharesToday(action.ex_date, listing.actions)), at);
    }
  }
  return fmt::format(R"("events":{{"dividends":{{{}}},"splits":{{{}}}}})", dividends, splits);
}

constexpr std::int64_t kAfterTheClose = 6 * 3'600 + 1'800 + 3;

// What the head of a chart says of the last price.
std::string LastPrice(const std::vector<Bar>& bars) {
  const Bar& last = bars.back();
  return fmt::format(R"("regularMarketPrice":{},"regularMarketTime":{},"regularMarketDayHigh":{},)"
                     R"("regularMarketDayLow":{},"chartPreviousClose":{},)",
                     AsFloat(last.close, 1), OpenInNewYork(last.time) + kAfterTheClose, AsFloat(last.high, 1),
                     AsFloat(last.low, 1), AsFloat(bars[bars.size() - 2].close, 1));
}

// The arrays, parallel to each other.
struct Arrays {
  std::string times;
  std::array<std::string, 5> columns;  // open, high, low, close, volume

  void Add(std::int64_t time, const std::array<std::string, 5>& cells) {
    const char* const comma = times.empty() ? "" : ",";
    times += fmt::format("{}{}", comma, time);
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] += comma + cells[i];
  }
};

}  // namespace

HttpAnswer FakeYahoo::TellBusy() {
  return {.status = 429, .body = "Too Many Requests\r\n", .content_type = "text/plain"};
}

HttpAnswer FakeYahoo::TellUsedUp() {
  return {.status = 422,
          .body =
              R"({"chart":{"result":null,"error":{"code":"Unprocessable Entity","description":)"
              R"("15m data not available for startTime=1. The requested range must be within the last 60 days."}}})"};
}

HttpAnswer FakeYahoo::Tell(const HttpAsk& ask) {
  if (!ask.Header("user-agent").starts_with("Mozilla/5.0")) return TellBusy();
  constexpr std::string_view kChart = "/v8/finance/chart/";
  std::string ticker = ask.path.starts_with(kChart) ? ask.path.substr(kChart.size()) : "";
  std::replace(ticker.begin(), ticker.end(), '-', '.');
  const Listing* const listing = tape_.Find(ticker);
  if (listing == nullptr) {
    return {.status = 404,
            .body = R"({"chart":{"result":null,"error":{"code":"Not Found",)"
                    R"("description":"No data found, symbol may be delisted"}}})"};
  }
  std::int64_t from = 0;
  const std::string period1 = ask.Query("period1");
  std::from_chars(period1.data(), period1.data() + period1.size(), from);

  Arrays arrays;
  std::size_t row = 0;
  for (const Bar& bar : listing->bars) {
    const std::int64_t time = OpenInNewYork(bar.time);
    if (time < from) continue;
    const double shares = SharesToday(bar.time, listing->actions);
    std::array<std::string, 5> cells{AsFloat(bar.open, shares), AsFloat(bar.high, shares), AsFloat(bar.low, shares),
                                     AsFloat(bar.close, shares),
                                     fmt::format("{}", static_cast<double>(bar.volume) * shares)};
    if (row++ == kRowOfNulls) cells.fill("null");
    arrays.Add(time, cells);
    if (live_ && &bar == &listing->bars.back()) arrays.Add(time + kAfterTheClose, cells);
  }
  constexpr std::string_view kMeta =
      R"("currency":"USD","instrumentType":"EQUITY","gmtoffset":-18000,"exchangeTimezoneName":"America/New_York",)"
      R"("priceHint":2,"dataGranularity":"1d")";
  const std::string rows = arrays.times.empty() ? "" : fmt::format(R"("timestamp":[{}],)", arrays.times);
  return {.body = fmt::format(
              R"({{"chart":{{"result":[{{"meta":{{"symbol":"{}",{}{}}},{}{},"indicators":{{"quote":[{{"open":[{}],)"
              R"("high":[{}],"low":[{}],"close":[{}],"volume":[{}]}}]}}}}],"error":null}}}})",
              ticker, live_ ? LastPrice(listing->bars) : "", kMeta, rows,
              Events(*listing, Timestamp(std::chrono::seconds(from))), arrays.columns[0], arrays.columns[1],
              arrays.columns[2], arrays.columns[3], arrays.columns[4])};
}

}  // namespace papertape::testing
