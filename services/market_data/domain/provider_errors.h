// What a provider's failure is called (domain/provider.h). `what` completes a sentence that begins with the provider's
// name, and never holds a key.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace papertape::market {

absl::Status ProviderAway(std::string_view provider, std::string_view what);        // PROVIDER_UNAVAILABLE
absl::Status ProviderRefuses(std::string_view provider, std::string_view what);     // PROVIDER_REFUSED
absl::Status ProviderMalformed(std::string_view provider, std::string_view what);   // PROVIDER_MALFORMED
absl::Status ProviderKnowsNot(std::string_view provider, std::string_view symbol);  // UNKNOWN_SYMBOL

}  // namespace papertape::market
