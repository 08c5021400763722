// The audit log in PostgreSQL: the table `audit_log`, each row chained to the one before by a hash under a key derived
// from the suite's secret, and `audit_head`, which says where the chain ends. Whoever changes, inserts, swaps or
// deletes rows without the key breaks the chain or the head. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/clock/clock.h"
#include "libs/pg/pool.h"
#include "services/auth/domain/audit.h"

namespace papertape::auth {

class AuditTrail {
 public:
  AuditTrail(std::string_view secret_key, const Clock& clock);

  // Appends inside the transaction of the deed, which from here to its end keeps all others from appending: the last
  // statement of a transaction is the best place.
  void Append(pg::Transaction& transaction, const AuditEntry& entry) const;

  [[nodiscard]] std::string HashOf(const AuditRow& row, std::string_view previous_hash) const;
  // What proves that the head was written by us.
  [[nodiscard]] std::string SealOf(const AuditHead& head) const;

 private:
  const std::string key_;
  const Clock& clock_;
};

// Deeds that stand alone, each in a transaction of its own.
class PgAuditLog final : public AuditLog {
 public:
  PgAuditLog(pg::Pool& pool, const AuditTrail& trail) : pool_(pool), trail_(trail) {}
  absl::Status Record(const AuditEntry& entry) override;

 private:
  pg::Pool& pool_;
  const AuditTrail& trail_;
};

}  // namespace papertape::auth
