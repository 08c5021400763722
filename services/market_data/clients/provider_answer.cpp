#include "services/market_data/clients/provider_answer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/clients/wire_amount.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

constexpr std::size_t kMostSaid = 200;
// Past the year 9999 nothing is a time.
constexpr std::int64_t kMostSeconds = 253'402'300'799;

// At most one line of it, without the key.
std::string Quoted(std::string_view said, std::string_view key) {
  std::string text(said);
  for (std::size_t at = text.find(key); !key.empty() && at != std::string::npos; at = text.find(key)) {
    text.replace(at, key.size(), "...");
  }
  if (text.size() > kMostSaid) text.resize(kMostSaid);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
  while (text.ends_with('.') || text.ends_with(' ')) text.pop_back();
  return text.empty() ? text : ": " + text;
}

}  // namespace

absl::StatusOr<json::Document> ReadAnswer(std::string_view provider, std::string body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && body[first] == '<') return ProviderAway(provider, "answers with a page for people");
  absl::StatusOr<json::Document> document = json::Document::Parse(std::move(body));
  if (!document.ok()) {
    return ProviderMalformed(provider, fmt::format("gives an answer that {}", MessageOf(document.status())));
  }
  return document;
}

absl::Status Refusal(std::string_view provider, std::string_view symbol, int status, std::string_view said,
                     std::string_view key) {
  if (status == 404) return ProviderKnowsNot(provider, symbol);
  constexpr std::array kRefusals{400, 401, 402, 403, 422};
  const std::string what = fmt::format("answers {}{}", status, Quoted(said, key));
  const bool refused = std::find(kRefusals.begin(), kRefusals.end(), status) != kRefusals.end();
  return refused ? ProviderRefuses(provider, what) : ProviderMalformed(provider, what);
}

std::optional<Price> ReadPrice(json::Value value) {
  const auto text = value.NumberOrString();
  const auto micros = text ? NearestMicros(*text) : std::nullopt;
  return micros ? std::optional(Price::FromMicros(*micros)) : std::nullopt;
}

std::optional<std::int64_t> ReadShares(json::Value value) {
  const auto text = value.NumberOrString();
  const auto micros = text ? NearestMicros(*text) : std::nullopt;
  if (!micros) return std::nullopt;
  return MulDiv(*micros, 1, kMicrosPerUnit, Rounding::kHalfEven).value();
}

std::optional<Timestamp> ReadUnixSeconds(json::Value value) {
  const auto seconds = value.Integer();
  if (!seconds || *seconds > kMostSeconds || *seconds < -kMostSeconds) return std::nullopt;
  return Timestamp(std::chrono::seconds(*seconds));
}

std::optional<Timestamp> ReadUnixMillis(json::Value value) {
  const auto millis = value.Integer();
  if (!millis || *millis / 1'000 > kMostSeconds || *millis / 1'000 < -kMostSeconds) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(*millis));
}

std::optional<Timestamp> ReadDay(json::Value value) {
  constexpr std::size_t kDateDigits = 10;
  const auto text = value.String();
  if (!text || text->size() < kDateDigits) return std::nullopt;
  const absl::StatusOr<Timestamp> day = ParseDate(text->substr(0, kDateDigits));
  return day.ok() ? std::optional(*day) : std::nullopt;
}

std::optional<Bar> ReadTraded(json::Value item, const BarKeys& keys) {
  const auto open = ReadPrice(item[keys.open]);
  const auto high = ReadPrice(item[keys.high]);
  const auto low = ReadPrice(item[keys.low]);
  const auto close = ReadPrice(item[keys.close]);
  const json::Value shares = item[keys.volume];
  const auto volume = shares.IsEmpty() ? std::optional<std::int64_t>(0) : ReadShares(shares);
  if (!open || !high || !low || !close || !volume) return std::nullopt;
  return Bar{.open = *open, .high = *high, .low = *low, .close = *close, .volume = *volume, .adjusted_close = *close};
}

bool IsAmerican(const Instrument& instrument) {
  constexpr std::array<std::string_view, 6> kExchanges{"XNAS", "XNYS", "ARCX", "XASE", "BATS", "IEXG"};
  return std::find(kExchanges.begin(), kExchanges.end(), instrument.exchange) != kExchanges.end();
}

std::string WithClassAfter(char separator, std::string_view symbol) {
  std::string text(symbol);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '.' || c == '-'; }, separator);
  return text;
}

}  // namespace papertape::market
