#include "services/market_data/clients/tiingo_provider.h"

#include <optional>

#include "libs/status/status.h"
#include "services/market_data/clients/provider_answer.h"
#include "services/market_data/clients/split_factor.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

std::string TickerOf(std::string_view symbol) { return WithClassAfter('-', symbol); }

std::string MarketOf(std::string_view exchange) {
  if (exchange == "NASDAQ") return "XNAS";
  if (exchange == "NYSE") return "XNYS";
  if (exchange == "NYSE ARCA") return "ARCX";
  if (exchange == "NYSE MKT" || exchange == "AMEX") return "XASE";
  return std::string(exchange);
}

std::optional<Bar> ReadBar(json::Value row) {
  std::optional<Bar> bar = ReadTraded(row, {"open", "high", "low", "close", "volume"});
  const auto day = ReadDay(row["date"]);
  if (!bar || !day) return std::nullopt;
  bar->time = *day;
  return bar;
}

}  // namespace

bool TiingoProvider::Can(Ability ability, const Instrument& instrument) const {
  const bool known =
      ability == Ability::kDailyBars || ability == Ability::kReference || ability == Ability::kCorporateActions;
  return known && !instrument.is_index && IsAmerican(instrument);
}

absl::StatusOr<json::Document> TiingoProvider::Get(http::Request request, const std::string& symbol, Instant deadline) {
  request.headers = {{"Authorization", "Token " + key_}, {"Content-Type", "application/json"}};
  PT_ASSIGN_OR_RETURN(http::Response response, client_.Get(request, deadline));
  // Past its monthly cap of symbols it says so with status 200, as a bare text or a JSON string.
  if (response.body.find("You have run over") < 64) {
    return ProviderRefuses(name(), "says that the month's symbols are used up");
  }
  absl::StatusOr<json::Document> document = ReadAnswer(name(), std::move(response.body));
  if (response.status >= 400) {
    const auto said = document.ok() ? document->root()["detail"].String() : std::nullopt;
    return Refusal(name(), symbol, response.status, said.value_or(""), key_);
  }
  return document;
}

absl::StatusOr<json::Document> TiingoProvider::Prices(const std::string& symbol, Timestamp from, Timestamp until,
                                                      Instant deadline) {
  PT_ASSIGN_OR_RETURN(json::Document document,
                      Get({.path = "/tiingo/daily/" + http::Encode(TickerOf(symbol)) + "/prices",
                           .parameters = {{"startDate", FormatDate(from)}, {"endDate", FormatDate(until)}}},
                          symbol, deadline));
  if (!document.root().IsArray()) return ProviderMalformed(name(), "gives prices that are no list");
  return document;
}

absl::StatusOr<ProvidedBars> TiingoProvider::Bars(const BarRequest& request, Instant deadline) {
  if (request.interval != Interval::kDay) return Provider::Bars(request, deadline);
  PT_ASSIGN_OR_RETURN(const json::Document document, Prices(request.symbol, request.from, request.until, deadline));
  ProvidedBars provided;
  for (const json::Value row : document.root().Elements()) {
    const std::optional<Bar> bar = ReadBar(row);
    if (!bar) return ProviderMalformed(name(), "gives a row without what belongs in it");
    provided.bars.push_back(*bar);
  }
  return provided;
}

absl::StatusOr<Instrument> TiingoProvider::Describe(const std::string& symbol, Instant deadline) {
  PT_ASSIGN_OR_RETURN(const json::Document document,
                      Get({.path = "/tiingo/daily/" + http::Encode(TickerOf(symbol))}, symbol, deadline));
  const auto name_there = document.root()["name"].String();
  if (!name_there) return ProviderMalformed(name(), "describes something without a name");
  return Instrument{.symbol = symbol,
                    .name = std::string(*name_there),
                    .exchange = MarketOf(document.root()["exchangeCode"].String().value_or("")),
                    .currency = "USD"};
}

absl::StatusOr<std::vector<CorporateAction>> TiingoProvider::Actions(const std::string& symbol, Timestamp from,
                                                                     Timestamp until, Instant deadline) {
  PT_ASSIGN_OR_RETURN(const json::Document document, Prices(symbol, from, until, deadline));
  std::vector<CorporateAction> actions;
  for (const json::Value row : document.root().Elements()) {
    const auto day = ReadDay(row["date"]);
    const auto dividend = ReadPrice(row["divCash"]);
    const auto factor = ReadPrice(row["splitFactor"]);
    if (!day || !dividend || !factor || factor->micros() <= 0) {
      return ProviderMalformed(name(), "gives a row without what belongs in it");
    }
    if (*factor != Price::FromUnits(1)) {
      actions.push_back({.symbol = symbol, .ex_date = *day, .what = SplitOfFactor(factor->micros())});
    }
    if (dividend->micros() > 0) actions.push_back({.symbol = symbol, .ex_date = *day, .what = Dividend{*dividend}});
  }
  return OneOfAKindADay(std::move(actions));
}

}  // namespace papertape::market
