// Checks and lists the audit log in PostgreSQL. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/auth/domain/audit_reader.h"
#include "services/auth/store/audit_trail.h"

namespace papertape::auth {

class PgAuditReader final : public AuditReader {
 public:
  PgAuditReader(pg::Pool& pool, const AuditTrail& trail) : pool_(pool), trail_(trail) {}
  absl::StatusOr<AuditFinding> Check(const AuditStretch& stretch) override;
  absl::StatusOr<AuditPage> List(const AuditFilter& filter) override;

 private:
  void Walk(pg::Transaction& transaction, const AuditStretch& stretch, AuditFinding& finding) const;
  void CheckHead(pg::Transaction& transaction, AuditFinding& finding) const;

  pg::Pool& pool_;
  const AuditTrail& trail_;
};

}  // namespace papertape::auth
