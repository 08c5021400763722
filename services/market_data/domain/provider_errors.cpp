#include "services/market_data/domain/provider_errors.h"

#include <string>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

absl::Status Sentence(Reason reason, std::string_view provider, std::string_view what) {
  return Error(ErrorDetails{.reason = reason, .metadata = {{"provider", std::string(provider)}}},
               fmt::format("{} {}.", provider, what));
}

}  // namespace

absl::Status ProviderAway(std::string_view provider, std::string_view what) {
  return Sentence(Reason::kPROVIDER_UNAVAILABLE, provider, what);
}

absl::Status ProviderRefuses(std::string_view provider, std::string_view what) {
  return Sentence(Reason::kPROVIDER_REFUSED, provider, what);
}

absl::Status ProviderMalformed(std::string_view provider, std::string_view what) {
  return Sentence(Reason::kPROVIDER_MALFORMED, provider, what);
}

absl::Status ProviderKnowsNot(std::string_view provider, std::string_view symbol) {
  return WithMetadata(Sentence(Reason::kUNKNOWN_SYMBOL, provider, fmt::format("does not know {}", symbol)), "symbol",
                      symbol);
}

}  // namespace papertape::market
