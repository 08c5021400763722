// The columns of `users` as a User, for every statement that reads one. Pure.
#pragma once

#include <string_view>

#include "libs/pg/pool.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

// In the order that ReadUser expects, of a table `users u`.
inline constexpr std::string_view kUserColumns =
    "u.id, u.email, u.username, u.name, u.phone, u.role, u.is_active, u.is_verified, u.created_at, "
    "coalesce((select c.status from kyc_cases c where c.user_id = u.id), 'not_submitted')";
inline constexpr int kUserColumnCount = 10;

// The user of the first row, whose columns begin at `first`.
User ReadUser(const pg::Rows& rows, int first);

}  // namespace papertape::auth
