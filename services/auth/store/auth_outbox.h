// What auth tells the other processes, written into the outbox of the transaction that makes it true. Stateless.
#pragma once

#include <string>
#include <vector>

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/auth/domain/session.h"

namespace papertape::auth {

// Access tokens of these sessions are refused everywhere from now on. `ids` names the events.
void TellEnded(pg::Transaction& transaction, IdSource& ids, const std::vector<EndedSession>& ended, Timestamp now,
               const std::string& request_id);

}  // namespace papertape::auth
