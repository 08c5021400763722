// What auth tells the other processes, written into the outbox of the transaction that makes it true. Stateless.
#pragma once

#include <string>
#include <vector>

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/auth/domain/kyc_ports.h"
#include "services/auth/domain/session.h"

namespace papertape::auth {

// Access tokens of these sessions are refused everywhere from now on. `ids` names the events.
void TellEnded(pg::Transaction& transaction, IdSource& ids, const std::vector<EndedSession>& ended, Timestamp now,
               const std::string& request_id);

// The user's documents wait for review since `now`.
void TellSubmitted(pg::Transaction& transaction, IdSource& ids, const Origin& by, std::size_t documents, Timestamp now);

// The user's documents were approved or rejected.
void TellReviewed(pg::Transaction& transaction, IdSource& ids, const Origin& by, std::int64_t user_id,
                  const KycChange& change, Timestamp now);

}  // namespace papertape::auth
