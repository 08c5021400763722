#include "services/market_data/clients/finnhub_frames.h"

#include <rapidjson/document.h>

#include <algorithm>

#include "fmt/format.h"
#include "services/market_data/clients/wire_amount.h"

namespace papertape::market {
namespace {

using rapidjson::Value;

constexpr std::size_t kLongestError = 200;

// Numbers are kept as the text that they were.
std::string_view TextOf(const Value& object, const char* name) {
  if (!object.IsObject()) return {};
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::int64_t MicrosOf(const Value& object, const char* name) { return NearestMicros(TextOf(object, name)).value_or(0); }

Quote ToTrade(const Value& trade) {
  Quote quote;
  quote.symbol = TextOf(trade, "s");
  quote.price = Price::FromMicros(MicrosOf(trade, "p"));
  // Milliseconds, which as millionths of a millisecond are nanoseconds.
  constexpr std::int64_t kNanosInAMicro = 1'000;
  quote.time = FromMicrosSinceEpoch(MicrosOf(trade, "t") / kNanosInAMicro);
  quote.volume = std::max<std::int64_t>(MicrosOf(trade, "v") / kMicrosPerUnit, 0);
  quote.traded = true;
  quote.source = kFinnhub;
  return quote;
}

}  // namespace

FinnhubFrame ReadFinnhubFrame(std::string_view text) {
  FinnhubFrame frame;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) return frame;
  const std::string_view type = TextOf(document, "type");
  if (type == "ping") {
    frame.kind = FinnhubFrame::Kind::kPing;
  } else if (type == "error") {
    frame.error = TextOf(document, "msg").substr(0, kLongestError);
    const bool too_many = frame.error.find("too many symbols") != std::string::npos;
    frame.kind = too_many ? FinnhubFrame::Kind::kTooManySymbols : FinnhubFrame::Kind::kError;
  } else if (type == "trade") {
    frame.kind = FinnhubFrame::Kind::kTrades;
    const Value& root = document;
    const auto data = root.FindMember("data");
    if (data == root.MemberEnd() || !data->value.IsArray()) return frame;
    for (const Value& trade : data->value.GetArray()) {
      if (!TextOf(trade, "s").empty()) frame.trades.push_back(ToTrade(trade));
    }
  }
  return frame;
}

// A catalogue's symbol holds nothing that JSON would have to escape.
std::string SubscribeFrame(std::string_view symbol) {
  return fmt::format(R"({{"type":"subscribe","symbol":"{}"}})", symbol);
}

std::string UnsubscribeFrame(std::string_view symbol) {
  return fmt::format(R"({{"type":"unsubscribe","symbol":"{}"}})", symbol);
}

}  // namespace papertape::market
