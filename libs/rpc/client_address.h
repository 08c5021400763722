// Where a call comes from, for counting and the records. Stateless.
#pragma once

#include <string>
#include <string_view>

namespace papertape::rpc {

// `vouched` when it is an IP address (what the gateway saw, passed on), else the address of gRPC's peer
// ("ipv4:192.0.2.1:4711", "ipv6:%5B::1%5D:4711"); empty for a unix socket.
std::string ClientAddress(std::string_view vouched, std::string_view peer);

}  // namespace papertape::rpc
