// What every SessionStore keeps to. `users` is empty at first, and is the store that `sessions` looks into.
#pragma once

#include "services/auth/domain/ports.h"

namespace papertape::auth {

void CheckSessionStoreContract(SessionStore& sessions, UserStore& users);

}  // namespace papertape::auth
