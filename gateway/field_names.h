// Fields under the names that clients know them by. A service names a wrong field as its proto does; where the
// request's message prints json_names (papertape.api.v1.message), so does the refusal. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/json/json_plan.h"

namespace papertape::gateway {

// "camel.entry_price" -> "camel.entryPrice", as far as the message knows the names; the rest stays.
std::string ClientName(const json::MessagePlan& plan, std::string_view path);
// `refusal` of a request whose message is `plan`'s.
absl::Status InClientNames(const absl::Status& refusal, const json::MessagePlan& plan);

}  // namespace papertape::gateway
