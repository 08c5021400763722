// The HTTP half of WebSocket: which requests may become one, and the answer that makes them one. Stateless.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/http_request.h"

namespace papertape::gateway {

// MALFORMED_REQUEST, saying what is missing, unless the request is a WebSocket handshake of version 13.
absl::Status CheckHandshake(const HttpRequest& request);
// "101 Switching Protocols", ready to be written.
std::string AcceptHandshake(std::string_view key, std::string_view request_id);
// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string AcceptKey(std::string_view key);

}  // namespace papertape::gateway
