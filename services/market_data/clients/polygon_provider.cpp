#include "services/market_data/clients/polygon_provider.h"

#include <array>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/calendar/time_zone.h"
#include "libs/status/status.h"
#include "services/market_data/clients/provider_answer.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

constexpr int kMostPages = 500;

// Indices have names of their own there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kIndices{{{"^GSPC", "I:SPX"},
                                                                                 {"^DJI", "I:DJI"},
                                                                                 {"^IXIC", "I:COMP"},
                                                                                 {"^NDX", "I:NDX"},
                                                                                 {"^RUT", "I:RUT"},
                                                                                 {"^VIX", "I:VIX"}}};

std::string TickerOf(std::string_view symbol) {
  for (const auto& [ours, theirs] : kIndices) {
    if (ours == symbol) return std::string(theirs);
  }
  return WithClassAfter('.', symbol);
}

// "15/minute"; empty for what is not asked for there.
std::string_view RangeOf(Interval interval) {
  switch (interval) {
    case Interval::kMinute:
      return "1/minute";
    case Interval::kFiveMinutes:
      return "5/minute";
    case Interval::kQuarterHour:
      return "15/minute";
    case Interval::kHalfHour:
      return "30/minute";
    case Interval::kHour:
      return "1/hour";
    case Interval::kDay:
      return "1/day";
    case Interval::kWeek:
      return "";
  }
  return "";
}

// The day whose midnight in New York that is.
Timestamp DayOf(Timestamp midnight) {
  return Timestamp(std::chrono::sys_days(calendar::DateAt(calendar::Zone::kNewYork, midnight).time_since_epoch()));
}

std::optional<Bar> ReadBar(json::Value item) {
  std::optional<Bar> bar = ReadTraded(item, {"o", "h", "l", "c", "v"});
  const auto time = ReadUnixMillis(item["t"]);
  if (!bar || !time) return std::nullopt;
  bar->time = *time;
  return bar;
}

// Their text stands in `message` or in `error`.
std::string_view TextOf(json::Value root) {
  return root["message"].String().value_or(root["error"].String().value_or(""));
}

}  // namespace

bool PolygonProvider::Can(Ability ability, const Instrument& instrument) const {
  if (!IsAmerican(instrument)) return false;
  if (instrument.is_index && !TickerOf(instrument.symbol).starts_with("I:")) return false;
  switch (ability) {
    case Ability::kDailyBars:
    case Ability::kMinuteBars:
    case Ability::kReference:
      return true;
    case Ability::kCorporateActions:
    case Ability::kWholeDays:
      return !instrument.is_index;
    default:
      return false;
  }
}

absl::StatusOr<json::Document> PolygonProvider::Get(http::Request request, std::string_view symbol, Instant deadline) {
  request.headers.emplace_back("Authorization", "Bearer " + key_);
  PT_ASSIGN_OR_RETURN(http::Response response, client_.Get(request, deadline));
  absl::StatusOr<json::Document> document = ReadAnswer(name(), std::move(response.body));
  if (response.status >= 400) {
    return Refusal(name(), symbol, response.status, document.ok() ? TextOf(document->root()) : "", key_);
  }
  PT_RETURN_IF_ERROR(document.status());
  const json::Value root = document->root();
  if (!root.IsObject()) return ProviderMalformed(name(), "gives an answer that is not an object");
  if (root["status"].String() == "NOT_AUTHORIZED") return Refusal(name(), symbol, 403, TextOf(root), key_);
  if (root["status"].String() == "NOT_FOUND") return ProviderKnowsNot(name(), symbol);
  if (root["status"].String() == "ERROR") return Refusal(name(), symbol, 400, TextOf(root), key_);
  return document;
}

absl::Status PolygonProvider::EachResult(http::Request request, std::string_view symbol, Instant deadline,
                                         const TakeItem& take) {
  for (int page = 0; page < kMostPages; ++page) {
    PT_ASSIGN_OR_RETURN(const json::Document document, Get(std::move(request), symbol, deadline));
    const json::Value root = document.root();
    const json::Value results = root["results"];
    if (!results.IsEmpty() && !results.IsArray()) return ProviderMalformed(name(), "gives results that are no list");
    for (const json::Value item : results.Elements()) {
      if (!take(item)) return ProviderMalformed(name(), "gives a result without what belongs in it");
    }
    if (root["next_url"].IsEmpty()) return absl::OkStatus();
    std::optional<http::Request> next = client_.Follow(root["next_url"].String().value_or(""));
    if (!next) return ProviderMalformed(name(), "gives a next_url that is no URL");
    request = *std::move(next);
  }
  return ProviderMalformed(name(), fmt::format("still has more after {} pages", kMostPages));
}

absl::StatusOr<ProvidedBars> PolygonProvider::Bars(const BarRequest& request, Instant deadline) {
  const std::string_view range = RangeOf(request.interval);
  if (range.empty()) return Provider::Bars(request, deadline);
  const bool dated = IsDated(request.interval);
  const auto millis = [](Timestamp time) { return MicrosSinceEpoch(time) / 1'000; };
  const std::string span = dated ? fmt::format("{}/{}", FormatDate(request.from), FormatDate(request.until))
                                 : fmt::format("{}/{}", millis(request.from), millis(request.until));
  http::Request ask{
      .path = fmt::format("/v2/aggs/ticker/{}/range/{}/{}", http::Encode(TickerOf(request.symbol)), range, span),
      .parameters = {{"adjusted", "false"}, {"sort", "asc"}, {"limit", "50000"}}};
  ProvidedBars provided;
  PT_RETURN_IF_ERROR(EachResult(std::move(ask), request.symbol, deadline, [&](json::Value item) {
    std::optional<Bar> bar = ReadBar(item);
    if (!bar) return false;
    if (dated) bar->time = DayOf(bar->time);
    provided.bars.push_back(*bar);
    return true;
  }));
  return provided;
}

absl::StatusOr<std::vector<std::pair<std::string, Bar>>> PolygonProvider::WholeDay(Timestamp day, Instant deadline) {
  http::Request ask{.path = "/v2/aggs/grouped/locale/us/market/stocks/" + FormatDate(day),
                    .parameters = {{"adjusted", "false"}, {"include_otc", "false"}}};
  std::vector<std::pair<std::string, Bar>> bars;
  PT_RETURN_IF_ERROR(EachResult(std::move(ask), "", deadline, [&](json::Value item) {
    std::optional<Bar> bar = ReadBar(item);
    const auto ticker = item["T"].String();
    if (!bar || !ticker) return false;
    bar->time = day;  // their `t` is the end of the day here
    bars.emplace_back(*ticker, *bar);
    return true;
  }));
  return bars;
}

absl::StatusOr<Instrument> PolygonProvider::Describe(const std::string& symbol, Instant deadline) {
  PT_ASSIGN_OR_RETURN(const json::Document document,
                      Get({.path = "/v3/reference/tickers/" + http::Encode(TickerOf(symbol))}, symbol, deadline));
  const json::Value found = document.root()["results"];
  const auto name_there = found["name"].String();
  if (!name_there) return ProviderMalformed(name(), "describes something without a name");
  std::string currency(found["currency_name"].String().value_or("usd"));
  for (char& c : currency) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return Instrument{.symbol = symbol,
                    .name = std::string(*name_there),
                    .exchange = std::string(found["primary_exchange"].String().value_or("")),
                    .currency = std::move(currency),
                    .is_index = found["market"].String() == "indices",
                    .active = found["active"].Bool().value_or(true)};
}

absl::StatusOr<std::vector<CorporateAction>> PolygonProvider::Actions(const std::string& symbol, Timestamp from,
                                                                      Timestamp until, Instant deadline) {
  std::vector<CorporateAction> actions;
  const auto ask = [&](const char* what, const std::string& date) {
    return http::Request{.path = std::string("/v3/reference/") + what,
                         .parameters = {{"ticker", TickerOf(symbol)},
                                        {date + ".gte", FormatDate(from)},
                                        {date + ".lte", FormatDate(until)},
                                        {"limit", "1000"}}};
  };
  PT_RETURN_IF_ERROR(EachResult(ask("splits", "execution_date"), symbol, deadline, [&](json::Value item) {
    const auto day = ReadDay(item["execution_date"]);
    const auto to = ReadPrice(item["split_to"]);
    const auto before = ReadPrice(item["split_from"]);
    if (!day || !to || !before || to->micros() <= 0 || before->micros() <= 0) return false;
    actions.push_back({.symbol = symbol,
                       .ex_date = *day,
                       .what = Split{.numerator = Quantity::FromMicros(to->micros()),
                                     .denominator = Quantity::FromMicros(before->micros())}});
    return true;
  }));
  PT_RETURN_IF_ERROR(EachResult(ask("dividends", "ex_dividend_date"), symbol, deadline, [&](json::Value item) {
    const auto day = ReadDay(item["ex_dividend_date"]);
    const auto amount = ReadPrice(item["cash_amount"]);
    if (!day || !amount) return false;
    // Another currency than the share's cannot be taken off its price.
    const bool ours = item["currency"].IsEmpty() || item["currency"].String() == "USD";
    if (ours && amount->micros() > 0) actions.push_back({.symbol = symbol, .ex_date = *day, .what = Dividend{*amount}});
    return true;
  }));
  return OneOfAKindADay(std::move(actions));
}

}  // namespace papertape::market
