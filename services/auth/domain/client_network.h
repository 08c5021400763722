// What of a client's address is counted: of IPv6 the /64, for a household is given a whole one and may use any address
// in it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace papertape::auth {

// `address` is an IP address in text, or empty. IPv4, also when mapped into IPv6, stays as it is; all ways to write the
// addresses of one /64 give one text.
std::string ClientNetwork(std::string_view address);

}  // namespace papertape::auth
