// What the adapters have in common in reading answers. Amounts are rounded to the nearest millionth, ties to even;
// shares to the nearest whole one. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/http/message.h"
#include "libs/json/document.h"
#include "libs/money/money.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/instrument.h"

namespace papertape::market {

// PROVIDER_MALFORMED when it is not JSON; PROVIDER_UNAVAILABLE when it is a page for people.
absl::StatusOr<json::Document> ReadAnswer(std::string_view provider, std::string body);

// What an answer between 400 and 499 says, in our words: PROVIDER_REFUSED (400, 401, 402, 403, 422), UNKNOWN_SYMBOL
// (404), PROVIDER_MALFORMED (others). `said` is the provider's own text; `key` is taken out of it.
absl::Status Refusal(std::string_view provider, std::string_view symbol, int status, std::string_view said,
                     std::string_view key);

// Nothing for what is not a number that fits; a number may come as a string.
std::optional<Price> ReadPrice(json::Value value);
std::optional<std::int64_t> ReadShares(json::Value value);
std::optional<Timestamp> ReadUnixSeconds(json::Value value);
std::optional<Timestamp> ReadUnixMillis(json::Value value);
// "2026-03-02", or the date that a longer text begins with.
std::optional<Timestamp> ReadDay(json::Value value);

// What a provider calls the parts of a bar.
struct BarKeys {
  std::string_view open, high, low, close, volume;
};
// A bar as it was traded, but for its time; without a volume that is zero. Nothing when a price is missing.
std::optional<Bar> ReadTraded(json::Value item, const BarKeys& keys);

// XNAS, XNYS and the smaller exchanges of the United States.
bool IsAmerican(const Instrument& instrument);
// The symbol with its class told by `separator`: BRK-B and BRK.B are the same share.
std::string WithClassAfter(char separator, std::string_view symbol);

}  // namespace papertape::market
