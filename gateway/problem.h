// Errors as RFC 9457 problem documents, with the names that the clients of the merged interfaces read besides: `error`
// repeats `detail`, `error_code` repeats `code`. Figures that explain the reason (available_margin) are members too.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "gateway/http_response.h"

namespace papertape::gateway {

// The answer to a request that failed. `status` must not be OK. A 5xx says nothing beyond the registry's sentence
// unless its reason was stated on purpose by one of ours.
HttpResponse ToProblem(const absl::Status& status, std::string_view request_id);

}  // namespace papertape::gateway
