// What every UserStore keeps to. `store` is empty at first.
#pragma once

#include "services/auth/domain/ports.h"

namespace papertape::auth {

void CheckUserStoreContract(UserStore& store);

}  // namespace papertape::auth
