// Who makes a call, as the audit log wants to know it.
#pragma once

#include "libs/rpc/gate.h"
#include "services/auth/domain/audit.h"

namespace papertape::auth {

inline Origin OriginOf(const rpc::Call& call) {
  return {.actor = call.caller.signed_in() ? Actor::kUser : Actor::kNobody,
          .user_id = call.caller.user_id,
          .client_address = call.client_address,
          .request_id = call.request_id};
}

// A call that shows the suite's own credential, and nobody's token: the command line's.
inline Origin OperatorOf(const rpc::Call& call) {
  return {.actor = Actor::kOperator, .client_address = call.client_address, .request_id = call.request_id};
}

}  // namespace papertape::auth
