#include "services/auth/store/user_rows.h"

#include <string>

namespace papertape::auth {

User ReadUser(const pg::Rows& rows, int first) {
  return {.id = rows.Int(0, first),
          .email = std::string(rows.Text(0, first + 1)),
          .username = std::string(rows.Text(0, first + 2)),
          .name = rows.OptionalText(0, first + 3),
          .phone = rows.OptionalText(0, first + 4),
          .role = std::string(rows.Text(0, first + 5)),
          .is_active = rows.Bool(0, first + 6),
          .is_verified = rows.Bool(0, first + 7),
          .kyc_status = std::string(rows.Text(0, first + 9)),
          .created_at = rows.Time(0, first + 8)};
}

}  // namespace papertape::auth
