// What every method of the linked protos declares (papertape.api), by its full name "package.Service.Method".
// Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "papertape/api/v1/options.pb.h"

namespace papertape::rpc {

// Null for a method that is unknown or declares nothing: it is refused. The scope is never SCOPE_UNSPECIFIED: what that
// stands for is filled in.
const api::v1::MethodApi* DeclarationOf(std::string_view method);

// Methods of `service` ("package.Service") without a declaration; a test and the host want it empty.
std::vector<std::string> UndeclaredMethods(const std::string& service);

}  // namespace papertape::rpc
