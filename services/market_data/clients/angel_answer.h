// What Angel One answers: an envelope in one of two spellings around the data, or, from its gateway, anything. Numbers
// are numbers or strings. Included by its adapters' .cpp files only.
#pragma once

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/http/message.h"
#include "libs/money/money.h"

namespace papertape::market {

inline constexpr char kAngel[] = "angelone";

// Numbers are kept as the text that they were.
using AngelData = rapidjson::Document;

// The document of a successful answer, whose member `data` holds something; or why there is none:
//   UNAUTHENTICATED       the session's token is not taken any more (renew it)
//   PROVIDER_REFUSED      key, password, one-time password or plan
//   UNKNOWN_SYMBOL, PROVIDER_UNAVAILABLE, PROVIDER_MALFORMED
absl::StatusOr<AngelData> ReadAngelAnswer(const http::Response& response);

// Empty when there is no such text or number.
std::string_view AngelText(const rapidjson::Value& object, const char* name);
std::optional<Price> AngelPrice(const rapidjson::Value& value);
Price AngelPriceOf(const rapidjson::Value& object, const char* name);  // zero when there is none

}  // namespace papertape::market
