// What makes a repeated request the same request.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace papertape::rpc {

// SHA-256 over the method's name and the request's deterministic serialization, in hexadecimal.
std::string Fingerprint(std::string_view method, const google::protobuf::Message& request);

}  // namespace papertape::rpc
