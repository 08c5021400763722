// What auth said of one user's account, as far as the feed tells it.
#pragma once

#include <cstdint>
#include <string>

namespace papertape::notification {

enum class AccountNewsKind : std::uint8_t { kKycSubmitted, kKycApproved, kKycRejected };

struct AccountNews {
  AccountNewsKind kind = AccountNewsKind::kKycSubmitted;
  std::int64_t user_id = 0;
  std::string reason;  // what the administrator said; empty: nothing
  std::string data;    // the event as JSON
};

}  // namespace papertape::notification
