#include "services/auth/domain/client_network.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace papertape::auth {
namespace {

constexpr std::size_t kGroups = 8;
constexpr std::size_t kNetworkGroups = 4;

char ToLower(char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; }

// The groups between colons, without leading zeros; none of an empty text.
std::vector<std::string> GroupsOf(std::string_view text) {
  std::vector<std::string> groups;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    std::string group(text.substr(0, end));
    group.erase(0, std::min(group.find_first_not_of('0'), group.size() - 1));
    std::transform(group.begin(), group.end(), group.begin(), ToLower);
    groups.push_back(group);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return groups;
}

}  // namespace

std::string ClientNetwork(std::string_view address) {
  if (address.find(':') == std::string_view::npos || address.find('.') != std::string_view::npos) {
    return std::string(address);
  }
  const std::size_t gap = address.find("::");
  std::vector<std::string> groups = GroupsOf(address.substr(0, gap));
  if (gap != std::string_view::npos) {
    const std::vector<std::string> tail = GroupsOf(address.substr(gap + 2));
    groups.resize(std::max(groups.size(), kGroups - std::min(tail.size(), kGroups)), "0");
    groups.insert(groups.end(), tail.begin(), tail.end());
  }
  std::string network;
  for (std::size_t i = 0; i < std::min(groups.size(), kNetworkGroups); ++i) network += groups[i] + ':';
  return network + ":/64";
}

}  // namespace papertape::auth
