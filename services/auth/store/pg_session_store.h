// Sessions in PostgreSQL: the tables `sessions` and `refresh_tokens`, and the end of a session in the outbox of the
// same transaction. Thread-safe.
#pragma once

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/auth/domain/ports.h"
#include "services/auth/store/audit_trail.h"

namespace papertape::auth {

// Ends all running sessions of the user within a transaction of somebody else's, and tells of them; which they were.
std::vector<std::string> EndSessionsOf(pg::Transaction& transaction, IdSource& ids, std::int64_t user_id,
                                       const Ending& ending);

class PgSessionStore final : public SessionStore {
 public:
  // `ids` names the events.
  PgSessionStore(pg::Pool& pool, IdSource& ids, const AuditTrail& trail) : pool_(pool), ids_(ids), trail_(trail) {}
  absl::Status Insert(const NewSession& session) override;
  absl::StatusOr<Rotated> Rotate(const Rotation& rotation) override;
  absl::StatusOr<std::vector<std::string>> End(std::int64_t user_id, const std::string& session_id,
                                               const std::string& refresh_digest, const Ending& ending) override;
  absl::StatusOr<std::vector<std::string>> EndAll(std::int64_t user_id, const std::string& kept,
                                                  const Ending& ending) override;
  absl::StatusOr<std::vector<std::string>> ReplacePassword(const PasswordChange& change, const Ending& ending) override;
  absl::StatusOr<std::vector<EndedSession>> FindEnded(Timestamp now) override;
  absl::Status TellAgain(const std::vector<EndedSession>& ended, Timestamp now) override;
  absl::StatusOr<std::int64_t> EraseExpired(Timestamp now) override;

 private:
  // Ends the running sessions `s` that fit `condition`, whose parameters count from $4, and tells of them.
  std::vector<std::string> EndWhere(pg::Transaction& transaction, std::string_view condition,
                                    const std::vector<pg::Param>& params, const Ending& ending);
  Rotated RefuseRotation(pg::Transaction& transaction, const Rotation& rotation);

  pg::Pool& pool_;
  IdSource& ids_;
  const AuditTrail& trail_;
};

}  // namespace papertape::auth
