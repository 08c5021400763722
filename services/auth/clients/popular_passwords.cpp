#include "services/auth/clients/popular_passwords.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace papertape::auth {
namespace {

// Sorted, in lower case.
constexpr std::string_view kPasswords[] = {
#include "passwords/popular_passwords.inc"
};

}  // namespace

bool IsPopularPassword(std::string_view password) {
  std::string lower(password);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::binary_search(std::begin(kPasswords), std::end(kPasswords), std::string_view(lower));
}

std::size_t PopularPasswordCount() { return std::size(kPasswords); }

}  // namespace papertape::auth
