// Reviews and documents in PostgreSQL: the tables `kyc_*`. A user's row in `kyc_cases` is locked by whoever changes
// anything of that user's, so that submissions and reviews come one after another. Thread-safe.
#pragma once

#include <functional>
#include <utility>

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/auth/domain/kyc_ports.h"
#include "services/auth/store/audit_trail.h"

namespace papertape::auth {

class PgKycStore final : public KycStore {
 public:
  // `ids` names events; `told` is called after a commit that brings one.
  PgKycStore(pg::Pool& pool, IdSource& ids, const AuditTrail& trail, std::function<void()> told)
      : pool_(pool), ids_(ids), trail_(trail), told_(std::move(told)) {}

  absl::StatusOr<std::vector<KycDocument>> FindByHash(std::int64_t user_id,
                                                      const std::vector<std::string>& sha256) override;
  absl::Status Begin(const std::vector<std::string>& object_keys) override;
  absl::StatusOr<std::vector<KycDocument>> Submit(const Origin& by, const std::vector<KycDocument>& documents,
                                                  const RepeatableUpload& repeatable) override;
  absl::StatusOr<KycSubmission> Find(std::int64_t user_id) override;
  absl::StatusOr<KycPage> List(const KycQuery& query) override;
  absl::Status Review(const Origin& by, std::int64_t user_id, const KycDecision& decision,
                      const idempotency::Key& key) override;
  absl::StatusOr<KycDocument> OpenForReading(const Origin& reader, bool is_admin, std::int64_t document_id) override;
  absl::StatusOr<std::vector<std::string>> FindUnfinished(Timestamp before) override;
  absl::Status Forget(const std::vector<std::string>& object_keys) override;

 private:
  absl::StatusOr<std::vector<KycDocument>> SubmitWithin(pg::Transaction& transaction, const Origin& by,
                                                        const std::vector<KycDocument>& documents) const;

  pg::Pool& pool_;
  IdSource& ids_;
  const AuditTrail& trail_;
  const std::function<void()> told_;
};

}  // namespace papertape::auth
