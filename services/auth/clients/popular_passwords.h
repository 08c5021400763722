// The passwords that people choose most, as counted in leaked collections: what whoever guesses tries first. The table
// is made at build time from Debian's python3-zxcvbn and is part of the program. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace papertape::auth {

// Whether the password, in whatever case, is one of them.
bool IsPopularPassword(std::string_view password);
// How many there are; shorter ones than a new password may be are left out.
std::size_t PopularPasswordCount();

}  // namespace papertape::auth
