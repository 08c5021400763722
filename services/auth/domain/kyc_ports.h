// What the review of documents needs of the world. Implementations are thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "services/auth/domain/audit.h"
#include "services/auth/domain/kyc_document.h"
#include "services/auth/domain/kyc_status.h"

namespace papertape::auth {

struct KycChange {
  KycStatus from = KycStatus::kNotSubmitted;
  KycStatus to = KycStatus::kNotSubmitted;
  std::int64_t changed_by = 0;
  std::optional<std::string> reason;
  Timestamp changed_at;
};

// Everything about one user's review.
struct KycSubmission {
  std::int64_t user_id = 0;
  std::string email;
  std::string username;
  KycStatus status = KycStatus::kNotSubmitted;
  std::optional<std::string> reason;
  std::optional<Timestamp> submitted_at;
  std::optional<Timestamp> reviewed_at;
  std::optional<std::int64_t> reviewed_by;
  std::vector<KycDocument> documents;  // oldest first
  std::vector<KycChange> history;      // oldest first; empty in lists
};

struct KycQuery {
  std::optional<KycStatus> status;
  std::int64_t offset = 0;
  std::int64_t size = 20;
};

struct KycPage {
  std::vector<KycSubmission> submissions;
  std::int64_t total = 0;
};

struct KycDecision {
  KycAction action = KycAction::kApprove;
  std::string reason;  // empty: none
};

// The documents are answered without their object keys when they were submitted before.
using RepeatableUpload = idempotency::Repeatable<std::vector<KycDocument>>;

class KycStore {
 public:
  virtual ~KycStore() = default;

  // Of those hashes, the documents that the user has already.
  virtual absl::StatusOr<std::vector<KycDocument>> FindByHash(std::int64_t user_id,
                                                              const std::vector<std::string>& sha256) = 0;
  // Notes, durably, that objects will be written under these keys: until a submission names them they are unfinished.
  virtual absl::Status Begin(const std::vector<std::string>& object_keys) = 0;
  // Stores the documents and makes the status pending, both or neither. A document that the user has already (by its
  // hash, or its address) stays what it is. Answers the documents in their order. KYC_APPROVED; INVALID_ARGUMENT when
  // the user would have too many documents.
  virtual absl::StatusOr<std::vector<KycDocument>> Submit(const Origin& by, const std::vector<KycDocument>& documents,
                                                          const RepeatableUpload& repeatable) = 0;
  // With history. USER_NOT_FOUND.
  virtual absl::StatusOr<KycSubmission> Find(std::int64_t user_id) = 0;
  // Longest waiting first.
  virtual absl::StatusOr<KycPage> List(const KycQuery& query) = 0;
  // USER_NOT_FOUND, KYC_NOT_PENDING. Under a key that it was asked under before, nothing more.
  virtual absl::Status Review(const Origin& by, std::int64_t user_id, const KycDecision& decision,
                              const idempotency::Key& key) = 0;
  // A document that `reader` is about to read; that an administrator did is recorded. DOCUMENT_NOT_FOUND;
  // PERMISSION_DENIED for anyone who is neither its owner nor an administrator.
  virtual absl::StatusOr<KycDocument> OpenForReading(const Origin& reader, bool is_admin, std::int64_t document_id) = 0;
  // Keys that were begun before `before` and never finished, some of them.
  virtual absl::StatusOr<std::vector<std::string>> FindUnfinished(Timestamp before) = 0;
  virtual absl::Status Forget(const std::vector<std::string>& object_keys) = 0;
};

// Contents, sealed: they open for their owner's id and their own key alone.
class DocumentStore {
 public:
  virtual ~DocumentStore() = default;
  // Durable when it answers OK. UNAVAILABLE when the store cannot be reached.
  virtual absl::Status Put(std::int64_t user_id, const std::string& object_key, std::string_view content) = 0;
  virtual absl::StatusOr<std::string> Get(std::int64_t user_id, const std::string& object_key) = 0;
  // OK when there is no such object, too.
  virtual absl::Status Delete(const std::string& object_key) = 0;
};

// 64 hexadecimal digits.
using Sha256 = std::function<std::string(std::string_view)>;

}  // namespace papertape::auth
