#include "services/market_data/clients/finnhub.h"

#include <rapidjson/document.h>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/clients/finnhub_frames.h"
#include "services/market_data/clients/wire_amount.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

// Numbers are kept as the text that they were; null and absent are zero, which is what they say of what they lack.
std::int64_t MicrosOf(const rapidjson::Document& document, const char* name) {
  const auto found = document.FindMember(name);
  if (found == document.MemberEnd() || !found->value.IsString()) return 0;
  return NearestMicros({found->value.GetString(), found->value.GetStringLength()}).value_or(0);
}

absl::StatusOr<Quote> ReadQuote(const std::string& symbol, const std::string& body) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (document.HasParseError() || !document.IsObject() || !document.HasMember("c") || !document.HasMember("t")) {
    return ProviderMalformed(kFinnhub, "answers no quote");
  }
  const std::int64_t seconds = MicrosOf(document, "t") / kMicrosPerUnit;
  const auto price = Price::FromMicros(MicrosOf(document, "c"));
  if (seconds == 0 && price.is_zero()) return ProviderKnowsNot(kFinnhub, symbol);
  Quote quote;
  quote.symbol = symbol;
  quote.price = price;
  quote.time = FromMicrosSinceEpoch(seconds * kMicrosPerUnit);
  quote.previous_close = Price::FromMicros(MicrosOf(document, "pc"));
  quote.day_low = Price::FromMicros(MicrosOf(document, "l"));
  quote.day_high = Price::FromMicros(MicrosOf(document, "h"));
  quote.source = kFinnhub;
  return quote;
}

}  // namespace

std::string_view Finnhub::name() const { return kFinnhub; }

bool Finnhub::Can(Ability ability, const Instrument& instrument) const {
  const bool of_the_united_states = instrument.exchange == "XNYS" || instrument.exchange == "XNAS";
  return (ability == Ability::kQuote || ability == Ability::kStream) && of_the_united_states && !instrument.is_index;
}

absl::StatusOr<std::vector<Quote>> Finnhub::Quotes(const std::vector<std::string>& symbols, Instant deadline) {
  std::vector<Quote> quotes;
  absl::Status unknown;
  for (const std::string& symbol : symbols) {
    absl::StatusOr<Quote> quote = Ask(symbol, deadline);
    if (quote.ok()) {
      quotes.push_back(*std::move(quote));
    } else if (ReasonOf(quote.status()) == Reason::kUNKNOWN_SYMBOL) {
      unknown = quote.status();
    } else {
      return quote.status();
    }
  }
  if (quotes.empty() && !unknown.ok()) return unknown;
  return quotes;
}

absl::StatusOr<Quote> Finnhub::Ask(const std::string& symbol, Instant deadline) {
  http::Request request;
  request.path = "/quote";
  request.parameters = {{"symbol", symbol}, {"token", key_}};
  PT_ASSIGN_OR_RETURN(const http::Response response, client_.Get(request, deadline));
  if (response.status == 401) return ProviderRefuses(kFinnhub, "does not take the key");
  if (response.status == 403) return ProviderRefuses(kFinnhub, "says that the plan does not include this");
  if (response.status == 404) return ProviderKnowsNot(kFinnhub, symbol);
  if (response.status != 200) return ProviderAway(kFinnhub, fmt::format("answers {}", response.status));
  return ReadQuote(symbol, response.body);
}

std::vector<http::Limit> FinnhubLimits(std::int64_t per_minute) {
  constexpr std::int64_t kOfEveryPlan = 30;
  return {{per_minute, std::chrono::minutes(1)}, {kOfEveryPlan, std::chrono::seconds(1)}};
}

}  // namespace papertape::market
