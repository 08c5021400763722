// Proof of who a user is: takes documents, shows them to their owner and to administrators, reviews them. An object is
// written before the row that names it commits, and noted before it is written: what a failure leaves behind is swept.
// Thread-safe if its ports are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "services/auth/domain/kyc_document.h"
#include "services/auth/domain/kyc_ports.h"

namespace papertape::auth {

// A document as it is handed out.
struct OpenedDocument {
  KycDocument document;
  std::string content;
};

class Kyc {
 public:
  struct Ports {
    KycStore& store;
    DocumentStore& documents;
    Sha256 sha256;
    IdSource& ids;
    const Clock& clock;
  };
  explicit Kyc(Ports ports) : ports_(std::move(ports)) {}

  // Reasons, in order: INVALID_ARGUMENT (all fields at once), KYC_APPROVED, UNAVAILABLE, IDEMPOTENCY_CONFLICT. The
  // documents in their order.
  absl::StatusOr<std::vector<KycDocument>> Upload(const Origin& owner, const std::vector<GivenDocument>& given,
                                                  const RepeatableUpload& repeatable);
  absl::StatusOr<KycSubmission> Find(std::int64_t user_id) { return ports_.store.Find(user_id); }
  // INVALID_ARGUMENT for a word that is no status; empty means all.
  absl::StatusOr<KycPage> List(std::string_view status, std::int64_t offset, std::int64_t size);
  // INVALID_ARGUMENT; PERMISSION_DENIED for the administrator's own submission; USER_NOT_FOUND; KYC_NOT_PENDING.
  absl::StatusOr<KycSubmission> Review(const Origin& admin, std::int64_t user_id, std::string_view decision,
                                       std::string_view reason, const idempotency::Key& key);
  // DOCUMENT_NOT_FOUND, also for a document that was given by address; PERMISSION_DENIED; UNAVAILABLE.
  absl::StatusOr<OpenedDocument> Open(const Origin& reader, bool is_admin, std::int64_t document_id);

  // Deletes what uploads that failed an hour ago have left. How many.
  absl::StatusOr<std::size_t> Sweep();

 private:
  static constexpr std::chrono::hours kUnfinishedFor{1};  // longer than any call lives

  absl::StatusOr<std::vector<std::string>> WriteContents(std::int64_t user_id, std::vector<KycDocument>& documents,
                                                         const std::vector<CheckedDocument>& checked);
  void DropUnused(const std::vector<std::string>& written, const std::vector<KycDocument>& stored);

  const Ports ports_;
};

// One sentence for the owner.
std::string_view KycMessage(KycStatus status);

}  // namespace papertape::auth
