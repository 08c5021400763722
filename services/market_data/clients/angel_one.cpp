#include "services/market_data/clients/angel_one.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "libs/calendar/calendar.h"
#include "libs/status/status.h"
#include "services/market_data/clients/angel_answer.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

using rapidjson::Value;

constexpr char kQuotePath[] = "/rest/secure/angelbroking/market/v1/quote/";
constexpr char kLastPath[] = "/rest/secure/angelbroking/order/v1/getLtpData";
constexpr char kCandlePath[] = "/rest/secure/angelbroking/historical/v1/getCandleData";
constexpr char kSearchPath[] = "/rest/secure/angelbroking/order/v1/searchScrip";
constexpr std::chrono::minutes kIndiaIsAhead{330};

struct IndexToken {
  std::string_view symbol, exchange, token, trading_symbol;
};
constexpr std::array<IndexToken, 4> kIndices{{{"^NSEI", "NSE", "99926000", "Nifty 50"},
                                              {"^BSESN", "BSE", "99919000", "SENSEX"},
                                              {"^NSEBANK", "NSE", "99926009", "Nifty Bank"},
                                              {"^INDIAVIX", "NSE", "99926017", "India VIX"}}};

// What they call an interval, and how many days of it one request may ask for.
struct CandleSpan {
  Interval interval;
  std::string_view name;
  int days;
};
constexpr std::array<CandleSpan, 6> kCandleSpans{{{Interval::kMinute, "ONE_MINUTE", 30},
                                                  {Interval::kFiveMinutes, "FIVE_MINUTE", 100},
                                                  {Interval::kQuarterHour, "FIFTEEN_MINUTE", 200},
                                                  {Interval::kHalfHour, "THIRTY_MINUTE", 200},
                                                  {Interval::kHour, "ONE_HOUR", 400},
                                                  {Interval::kDay, "ONE_DAY", 2'000}}};

const CandleSpan* SpanOf(Interval interval) {
  const auto found = std::find_if(kCandleSpans.begin(), kCandleSpans.end(),
                                  [interval](const CandleSpan& span) { return span.interval == interval; });
  return found == kCandleSpans.end() ? nullptr : &*found;
}

std::optional<int> ReadInt(std::string_view text) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// "21-Jun-2023 10:46:10" on the wall in Mumbai.
std::optional<Timestamp> ReadExchangeTime(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 20) return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(3, 3));
  const auto day = ReadInt(text.substr(0, 2));
  const auto year = ReadInt(text.substr(7, 4));
  if (month == std::string_view::npos || month % 3 != 0 || !day || !year) return std::nullopt;
  const absl::StatusOr<Timestamp> time =
      ParseRfc3339(fmt::format("{:04}-{:02}-{:02}T{}+05:30", *year, month / 3 + 1, *day, text.substr(12)));
  return time.ok() ? std::optional(*time) : std::nullopt;
}

std::string InMumbai(Timestamp time) {
  const std::string text = FormatRfc3339(std::chrono::floor<std::chrono::minutes>(time) + kIndiaIsAhead);
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

Quote ToQuote(const std::string& symbol, const Value& data, Timestamp now) {
  Quote quote;
  quote.symbol = symbol;
  quote.price = AngelPriceOf(data, "ltp");
  quote.time = ReadExchangeTime(AngelText(data, "exchTradeTime")).value_or(now);
  quote.previous_close = AngelPriceOf(data, "close");
  quote.day_low = AngelPriceOf(data, "low");
  quote.day_high = AngelPriceOf(data, "high");
  quote.source = kAngel;
  return quote;
}

std::optional<Bar> ToBar(const Value& candle, bool daily) {
  if (!candle.IsArray() || candle.Size() < 6 || !candle[0].IsString()) return std::nullopt;
  const absl::StatusOr<Timestamp> time = ParseRfc3339({candle[0].GetString(), candle[0].GetStringLength()});
  if (!time.ok()) return std::nullopt;
  std::array<Price, 4> prices;
  for (rapidjson::SizeType i = 0; i < 4; ++i) {
    const std::optional<Price> price = AngelPrice(candle[i + 1]);
    if (!price) return std::nullopt;
    prices[i] = *price;
  }
  const Price volume = AngelPrice(candle[5]).value_or(Price());
  const Timestamp start = daily ? Timestamp(std::chrono::floor<std::chrono::days>(*time + kIndiaIsAhead)) : *time;
  return Bar{start, prices[0], prices[1], prices[2], prices[3], volume.micros() / kMicrosPerUnit, prices[3]};
}

}  // namespace

std::string_view AngelOne::name() const { return kAngel; }

bool AngelOne::Can(Ability ability, const Instrument& instrument) const {
  if (instrument.exchange != "XNSE" && instrument.exchange != "XBOM") return false;
  if (instrument.is_index) {
    const bool known = std::any_of(kIndices.begin(), kIndices.end(),
                                   [&](const IndexToken& index) { return index.symbol == instrument.symbol; });
    if (!known) return false;
  }
  return ability == Ability::kQuote || ability == Ability::kDailyBars || ability == Ability::kMinuteBars;
}

absl::StatusOr<AngelOne::Listing> AngelOne::ListingOf(const std::string& symbol, Instant deadline) {
  for (const IndexToken& index : kIndices) {
    if (index.symbol == symbol) {
      return Listing{std::string(index.exchange), std::string(index.token), std::string(index.trading_symbol)};
    }
  }
  {
    const std::lock_guard lock(mutex_);
    const auto found = listings_.find(symbol);
    if (found != listings_.end()) return found->second;
    // Searching has a limit of its own: once a second.
    const Instant now = clock_.Steady();
    if (searched_at_ && now - *searched_at_ < std::chrono::seconds(2)) {
      return WithRetryAfter(ProviderAway(kAngel, "may not be asked for a token yet"), 2'000);
    }
    searched_at_ = now;
  }
  PT_ASSIGN_OR_RETURN(const Listing listing, Search(symbol, deadline));
  const std::lock_guard lock(mutex_);
  return listings_[symbol] = listing;
}

absl::StatusOr<AngelOne::Listing> AngelOne::Search(const std::string& symbol, Instant deadline) {
  const bool bombay = symbol.ends_with(".BO");
  const std::string name = symbol.substr(0, symbol.rfind('.'));
  Listing listing{.exchange = bombay ? "BSE" : "NSE", .trading_symbol = bombay ? name : name + "-EQ"};
  const std::string body = fmt::format(R"({{"exchange":"{}","searchscrip":"{}"}})", listing.exchange, name);
  PT_ASSIGN_OR_RETURN(const http::Response response, session_.Post(kSearchPath, body, deadline));
  const absl::StatusOr<AngelData> answer = ReadAngelAnswer(response);
  if (ReasonOf(answer.status()) == Reason::kUNKNOWN_SYMBOL && !answer.ok()) return listing;
  PT_RETURN_IF_ERROR(answer.status());
  const Value& found = (*answer)["data"];
  if (!found.IsArray()) return listing;
  for (const Value& each : found.GetArray()) {
    if (AngelText(each, "tradingsymbol") == listing.trading_symbol) listing.token = AngelText(each, "symboltoken");
  }
  return listing;
}

absl::StatusOr<std::vector<Quote>> AngelOne::Quotes(const std::vector<std::string>& symbols, Instant deadline) {
  std::map<std::string, Listing> listings;
  absl::Status missing;
  for (const std::string& symbol : symbols) {
    absl::StatusOr<Listing> listing = ListingOf(symbol, deadline);
    if (listing.ok() && !listing->token.empty()) {
      listings.emplace(symbol, *std::move(listing));
    } else {
      missing = listing.ok() ? ProviderKnowsNot(kAngel, symbol) : listing.status();
    }
    if (listings.size() == kMostAtOnce) break;
  }
  if (listings.empty()) return missing;
  std::vector<Quote> quotes;
  PT_RETURN_IF_ERROR(AskQuotes(listings, quotes, deadline));
  // One that the batch has left out may be told alone.
  for (const auto& each : listings) {
    const bool told =
        std::any_of(quotes.begin(), quotes.end(), [&each](const Quote& quote) { return quote.symbol == each.first; });
    if (told) continue;
    absl::StatusOr<Quote> last = AskLast(each.first, each.second, deadline);
    if (last.ok()) quotes.push_back(*std::move(last));
    break;
  }
  if (quotes.empty()) return ProviderKnowsNot(kAngel, listings.begin()->first);
  return quotes;
}

absl::Status AngelOne::AskQuotes(const std::map<std::string, Listing>& listings, std::vector<Quote>& quotes,
                                 Instant deadline) {
  std::map<std::string, std::string> tokens;  // by exchange, as JSON
  for (const auto& [symbol, listing] : listings) {
    std::string& list = tokens[listing.exchange];
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", listing.token);
  }
  std::string exchanges;
  for (const auto& [exchange, list] : tokens) {
    exchanges += fmt::format(R"({}"{}":[{}])", exchanges.empty() ? "" : ",", exchange, list);
  }
  const std::string body = fmt::format(R"({{"mode":"FULL","exchangeTokens":{{{}}}}})", exchanges);
  PT_ASSIGN_OR_RETURN(const http::Response response, session_.Post(kQuotePath, body, deadline));
  PT_ASSIGN_OR_RETURN(const AngelData answer, ReadAngelAnswer(response));
  const Value& data = answer["data"];
  const auto fetched = data.IsObject() ? data.FindMember("fetched") : Value::ConstMemberIterator();
  if (!data.IsObject() || fetched == data.MemberEnd() || !fetched->value.IsArray()) return absl::OkStatus();
  const Timestamp now = clock_.Now();
  for (const Value& each : fetched->value.GetArray()) {
    for (const auto& [symbol, listing] : listings) {
      const bool this_one =
          AngelText(each, "symbolToken") == listing.token && AngelText(each, "exchange") == listing.exchange;
      if (this_one) quotes.push_back(ToQuote(symbol, each, now));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Quote> AngelOne::AskLast(const std::string& symbol, const Listing& listing, Instant deadline) {
  const std::string body = fmt::format(R"({{"exchange":"{}","tradingsymbol":"{}","symboltoken":"{}"}})",
                                       listing.exchange, listing.trading_symbol, listing.token);
  PT_ASSIGN_OR_RETURN(const http::Response response, session_.Post(kLastPath, body, deadline));
  PT_ASSIGN_OR_RETURN(const AngelData answer, ReadAngelAnswer(response));
  // Tokens that are not complete are answered with success and nothing.
  if (!answer["data"].IsObject()) return ProviderKnowsNot(kAngel, symbol);
  return ToQuote(symbol, answer["data"], clock_.Now());
}

absl::StatusOr<ProvidedBars> AngelOne::Bars(const BarRequest& request, Instant deadline) {
  const CandleSpan* const span = SpanOf(request.interval);
  if (span == nullptr) return absl::UnimplementedError("this provider has no bars of that interval");
  PT_ASSIGN_OR_RETURN(const Listing listing, ListingOf(request.symbol, deadline));
  if (listing.token.empty()) return ProviderKnowsNot(kAngel, request.symbol);
  ProvidedBars provided;
  for (Timestamp from = request.from; from <= request.until; from += std::chrono::days(span->days)) {
    const Timestamp until =
        std::min<Timestamp>(request.until, from + std::chrono::days(span->days) - std::chrono::minutes(1));
    PT_RETURN_IF_ERROR(AskCandles(listing, request, from, until, provided.bars, deadline));
  }
  return provided;
}

absl::Status AngelOne::AskCandles(const Listing& listing, const BarRequest& request, Timestamp from, Timestamp until,
                                  std::vector<Bar>& bars, Instant deadline) {
  const bool daily = request.interval == Interval::kDay;
  // Days are named by midnight UTC, and asked for by the wall clock in Mumbai.
  const auto wall = [daily](Timestamp time) { return InMumbai(daily ? time - kIndiaIsAhead : time); };
  const std::string body =
      fmt::format(R"({{"exchange":"{}","symboltoken":"{}","interval":"{}","fromdate":"{}","todate":"{}"}})",
                  listing.exchange, listing.token, SpanOf(request.interval)->name, wall(from), wall(until));
  PT_ASSIGN_OR_RETURN(const http::Response response, session_.Post(kCandlePath, body, deadline));
  PT_ASSIGN_OR_RETURN(const AngelData answer, ReadAngelAnswer(response));
  const Value& candles = answer["data"];
  if (!candles.IsArray()) return absl::OkStatus();
  for (const Value& candle : candles.GetArray()) {
    const std::optional<Bar> bar = ToBar(candle, daily);
    if (!bar) return ProviderMalformed(kAngel, "gives a candle that makes no sense");
    if (bar->time >= request.from && bar->time <= request.until && (bars.empty() || bar->time > bars.back().time)) {
      bars.push_back(*bar);
    }
  }
  return absl::OkStatus();
}

std::vector<http::Limit> AngelLimits(std::int64_t per_second) {
  constexpr std::int64_t kAMinute = 300;
  constexpr std::int64_t kAnHour = 3'000;
  return {{per_second, std::chrono::seconds(1)}, {kAMinute, std::chrono::minutes(1)}, {kAnHour, std::chrono::hours(1)}};
}

}  // namespace papertape::market
