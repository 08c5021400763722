// API keys in PostgreSQL: the table `api_keys`, and the end of a key in the outbox of the same transaction.
// Thread-safe.
#pragma once

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/auth/domain/api_key_ports.h"
#include "services/auth/store/audit_trail.h"

namespace papertape::auth {

// Revokes all keys of the user within a transaction of somebody else's; those that were good until now.
std::vector<std::string> RevokeKeysOf(pg::Transaction& transaction, IdSource& ids, std::int64_t user_id,
                                      const KeyEnding& ending);

class PgApiKeyStore final : public ApiKeyStore {
 public:
  // `ids` names the events.
  PgApiKeyStore(pg::Pool& pool, IdSource& ids, const AuditTrail& trail) : pool_(pool), ids_(ids), trail_(trail) {}
  absl::StatusOr<ApiKey> Insert(const StoredApiKey& stored, std::size_t most, const Repeatable<ApiKey>& repeatable,
                                const Origin& from) override;
  absl::StatusOr<std::vector<ApiKey>> List(std::int64_t user_id) override;
  absl::Status Revoke(std::int64_t user_id, const std::string& key_id, const KeyEnding& ending) override;
  absl::StatusOr<std::optional<UsableApiKey>> Find(const std::string& key_id) override;
  absl::Status NoteUse(const std::string& key_id, Timestamp now) override;

 private:
  pg::Pool& pool_;
  IdSource& ids_;
  const AuditTrail& trail_;
};

}  // namespace papertape::auth
