// What makes a repeated request the same request. Thread-safe.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace papertape::rpc {

// HMAC-SHA256 over the method's name and the request's deterministic serialization, in hexadecimal. Keyed, for it is
// stored and requests hold passwords: whoever reads the database cannot try them out.
std::string Fingerprint(std::string_view key, std::string_view method, const google::protobuf::Message& request);

}  // namespace papertape::rpc
