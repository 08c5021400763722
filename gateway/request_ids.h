// The ids that a request is followed by: X-Request-Id, and W3C Trace Context's traceparent. Stateless; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "libs/ids/ids.h"

namespace papertape::gateway {

struct RequestIds {
  std::string request_id;
  std::string traceparent;
  // The 32 digits in the middle.
  [[nodiscard]] std::string_view trace_id() const { return std::string_view(traceparent).substr(3, 32); }
};

// Takes what the client sent where it is sane, and makes what is missing.
RequestIds MakeRequestIds(std::string_view sent_request_id, std::string_view sent_traceparent,
                          const RandomBits& random);

// 1 to 128 letters, digits and `-_.:/+=`: safe in a header, a log line and a URL.
bool IsSaneRequestId(std::string_view text);
// "00-<32 hex>-<16 hex>-<2 hex>", neither id all zeros.
bool IsTraceparent(std::string_view text);

}  // namespace papertape::gateway
