#include <algorithm>
#include <charconv>

#include "fmt/format.h"
#include "libs/calendar/time_zone.h"
#include "tests/support/market/fakes.h"

namespace papertape::testing {
namespace {

using market::Bar;
using market::CorporateAction;

std::int64_t MidnightInNewYork(Timestamp day) {
  const calendar::Date date(std::chrono::floor<std::chrono::days>(day).time_since_epoch());
  return MicrosSinceEpoch(calendar::ToInstant(calendar::Zone::kNewYork, date, std::chrono::minutes(0))) / 1'000;
}

// Volumes in exponent notation, as they come.
std::string Item(const Bar& bar, std::int64_t millis, const std::string& ticker = "") {
  return fmt::format(R"({{{}"v":{:.8e},"vw":{},"o":{},"c":{},"h":{},"l":{},"t":{},"n":51}})",
                     ticker.empty() ? "" : fmt::format(R"("T":"{}",)", ticker), static_cast<double>(bar.volume),
                     Format(bar.close), Format(bar.open), Format(bar.close), Format(bar.high), Format(bar.low), millis);
}

HttpAnswer NotAuthorized() {
  return {.status = 403,
          .body = R"({"status":"NOT_AUTHORIZED","request_id":"1","message":"You are not entitled to this data."})"};
}

// The parts of a path.
std::vector<std::string> Parts(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

HttpAnswer FakePolygon::TellBusy() {
  return {.status = 429,
          .body = R"({"status":"ERROR","request_id":"1","error":"You've exceeded the maximum requests per minute."})"};
}

HttpAnswer FakePolygon::TellUsedUp() { return NotAuthorized(); }

HttpAnswer FakePolygon::Tell(const HttpAsk& ask) {
  if (ask.Header("authorization") != std::string("Bearer ") + kFakeKey && ask.Query("apiKey") != kFakeKey) {
    return {.status = 401, .body = R"({"status":"ERROR","request_id":"1","error":"Unknown API Key"})"};
  }
  const std::vector<std::string> parts = Parts(ask.path);
  if (parts.size() == 9 && parts[1] == "aggs" && parts[2] == "ticker") {
    return Aggregates(ask, parts[3], parts[7] + "/" + parts[8]);
  }
  if (parts.size() == 8 && parts[2] == "grouped") return Grouped(parts[7]);
  if (parts.size() == 4 && parts[2] == "tickers") {
    const Listing* const listing = tape_.Find(parts[3]);
    if (listing == nullptr) return {.status = 404, .body = R"({"status":"NOT_FOUND","message":"Ticker not found."})"};
    return {.body = fmt::format(R"({{"status":"OK","request_id":"1","results":{{"ticker":"{}","name":"{}",)"
                                R"("market":"stocks","locale":"us","primary_exchange":"XNAS","type":"CS",)"
                                R"("active":true,"currency_name":"usd"}}}})",
                                parts[3], listing->name)};
  }
  if (parts.size() == 3 && parts[1] == "reference") return Reference(ask, parts[2]);
  return {.status = 404, .body = R"({"status":"NOT_FOUND","message":"no such route"})"};
}

HttpAnswer FakePolygon::Aggregates(const HttpAsk& ask, const std::string& ticker, const std::string& range) {
  const Listing* const listing = tape_.Find(ticker);
  const std::string none =
      fmt::format(R"({{"ticker":"{}","queryCount":0,"resultsCount":0,"adjusted":false,"status":"OK"}})", ticker);
  if (listing == nullptr || ask.path.find("/1/day/") == std::string::npos) return {.body = none};
  const Timestamp from = ParseDate(range.substr(0, 10)).value();
  const Timestamp until = ParseDate(range.substr(11)).value();
  std::size_t begin = 0;
  const std::string cursor = ask.Query("cursor");
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), begin);

  std::string items;
  std::size_t seen = 0;
  std::size_t told = 0;
  for (const Bar& bar : listing->bars) {
    if (bar.time < from || bar.time > until || seen++ < begin || told == page_) continue;
    items += (told++ > 0 ? "," : "") + Item(bar, MidnightInNewYork(bar.time));
  }
  if (told == 0) return {.body = none};
  const std::string next =
      begin + told < seen ? fmt::format(R"(,"next_url":"{}{}?cursor={}")", url_, ask.path, begin + told) : "";
  return {.body = fmt::format(
              R"({{"ticker":"{}","queryCount":{},"resultsCount":{},"adjusted":false,"results":[{}],"status":"OK"{}}})",
              ticker, told, told, items, next)};
}

HttpAnswer FakePolygon::Grouped(const std::string& day) {
  const Timestamp date = ParseDate(day).value();
  std::string items;
  for (const auto& [symbol, listing] : tape_.listings) {
    for (const Bar& bar : listing.bars) {
      if (bar.time != date) continue;
      items += (items.empty() ? "" : ",") + Item(bar, MidnightInNewYork(date) + 16 * 3'600'000, symbol);
    }
  }
  return {.body = items.empty() ? R"({"queryCount":0,"resultsCount":0,"adjusted":false,"status":"OK"})"
                                : fmt::format(R"({{"adjusted":false,"status":"OK","results":[{}]}})", items)};
}

HttpAnswer FakePolygon::Reference(const HttpAsk& ask, const std::string& what) {
  const bool splits = what == "splits";
  const std::string date = splits ? "execution_date" : "ex_dividend_date";
  const Listing* const listing = tape_.Find(ask.Query("ticker"));
  std::string items;
  for (const CorporateAction& action : listing == nullptr ? std::vector<CorporateAction>() : listing->actions) {
    const std::string day = FormatDate(action.ex_date);
    const auto* split = std::get_if<market::Split>(&action.what);
    if ((split != nullptr) != splits || day < ask.Query(date + ".gte") || day > ask.Query(date + ".lte")) continue;
    items += items.empty() ? "" : ",";
    items += splits ? fmt::format(R"({{"execution_date":"{}","id":"1","split_from":{},"split_to":{},"ticker":"{}"}})",
                                  day, Format(split->denominator), Format(split->numerator), action.symbol)
                    : fmt::format(R"({{"cash_amount":{},"currency":"USD","dividend_type":"CD","ex_dividend_date":"{}",)"
                                  R"("frequency":4,"ticker":"{}"}})",
                                  Format(std::get<market::Dividend>(action.what).amount), day, action.symbol);
  }
  return {.body = fmt::format(R"({{"status":"OK","request_id":"1","results":[{}]}})", items)};
}

}  // namespace papertape::testing
