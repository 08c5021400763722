#include "services/market_data/clients/angel_answer.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/clients/wire_amount.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

using rapidjson::Value;

constexpr std::size_t kLongestMessage = 120;
constexpr std::array<std::string_view, 4> kTokenErrors{"AG8001", "AG8002", "AG8003", "AB1011"};
constexpr std::array<std::string_view, 2> kUnknownSymbolErrors{"AB1009", "AB1018"};
constexpr std::array<std::string_view, 3> kPassingErrors{"AB1004", "AB2000", "AB2001"};

bool IsOneOf(const auto& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

const Value* MemberOf(const Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

// `status`, or `success` in the other spelling; as a boolean or as its name.
bool Succeeded(const Value& root) {
  const Value* word = MemberOf(root, "status");
  if (word == nullptr) word = MemberOf(root, "success");
  if (word == nullptr) return false;
  return word->IsTrue() || (word->IsString() && std::string_view(word->GetString()) == "true");
}

absl::Status Failure(const Value& root) {
  std::string_view code = AngelText(root, "errorcode");
  if (code.empty()) code = AngelText(root, "errorCode");
  const std::string what = fmt::format("says {} {}", code, AngelText(root, "message").substr(0, kLongestMessage));
  if (IsOneOf(kTokenErrors, code)) return absl::UnauthenticatedError(what);
  if (IsOneOf(kUnknownSymbolErrors, code)) return ProviderKnowsNot(kAngel, "the symbol");
  if (code.empty() || IsOneOf(kPassingErrors, code)) return ProviderAway(kAngel, what);
  return ProviderRefuses(kAngel, what);
}

}  // namespace

std::string_view AngelText(const Value& object, const char* name) {
  if (!object.IsObject()) return {};
  const Value* const value = MemberOf(object, name);
  if (value == nullptr || !value->IsString()) return {};
  return {value->GetString(), value->GetStringLength()};
}

std::optional<Price> AngelPrice(const Value& value) {
  if (!value.IsString()) return std::nullopt;
  const std::optional<std::int64_t> micros = NearestMicros({value.GetString(), value.GetStringLength()});
  return micros ? std::optional(Price::FromMicros(*micros)) : std::nullopt;
}

Price AngelPriceOf(const Value& object, const char* name) {
  const Value* const value = object.IsObject() ? MemberOf(object, name) : nullptr;
  return value == nullptr ? Price() : AngelPrice(*value).value_or(Price());
}

absl::StatusOr<AngelData> ReadAngelAnswer(const http::Response& response) {
  AngelData document;
  document.Parse<rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag>(response.body.data(),
                                                                                         response.body.size());
  if (document.HasParseError() || !document.IsObject()) {
    if (response.status == 401 || response.status == 403) {
      return ProviderRefuses(kAngel, fmt::format("answers {}", response.status));
    }
    return ProviderMalformed(kAngel, fmt::format("answers {} with something else than JSON", response.status));
  }
  if (!Succeeded(document)) {
    absl::Status failure = Failure(document);
    if (response.status == 401) return absl::UnauthenticatedError("answers 401");
    if (response.status == 403 && !absl::IsUnauthenticated(failure)) return ProviderRefuses(kAngel, "answers 403");
    return failure;
  }
  if (MemberOf(document, "data") == nullptr) return ProviderMalformed(kAngel, "answers no data");
  return document;
}

}  // namespace papertape::market
