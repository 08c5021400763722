#include "libs/rpc/client_address.h"

#include <arpa/inet.h>

#include <array>

namespace papertape::rpc {
namespace {

bool IsAddress(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace

std::string ClientAddress(std::string_view vouched, std::string_view peer) {
  if (std::string address(vouched); IsAddress(address)) return address;
  const std::size_t scheme = peer.find(':');
  const std::size_t port = peer.rfind(':');
  if (scheme == std::string_view::npos || scheme == port) return "";
  std::string_view host = peer.substr(scheme + 1, port - scheme - 1);
  for (const std::string_view bracket : {"%5B", "["}) {
    if (host.starts_with(bracket)) host.remove_prefix(bracket.size());
  }
  for (const std::string_view bracket : {"%5D", "]"}) {
    if (host.ends_with(bracket)) host.remove_suffix(bracket.size());
  }
  if (const std::size_t zone = host.find('%'); zone != std::string_view::npos) host = host.substr(0, zone);
  std::string address(host);
  return IsAddress(address) ? address : "";
}

}  // namespace papertape::rpc
