// What every CodeStore and every FailureStore keeps to. Stores are empty at first.
#pragma once

#include "services/auth/domain/lockout.h"
#include "services/auth/domain/one_time_codes.h"

namespace papertape::auth {

void CheckCodeStoreContract(CodeStore& store);
void CheckFailureStoreContract(FailureStore& store);

}  // namespace papertape::auth
