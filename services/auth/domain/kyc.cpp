#include "services/auth/domain/kyc.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kMaxReasonBytes = 1'000;

absl::StatusOr<KycDecision> ReadDecision(std::string_view word, std::string_view reason) {
  Violations violations;
  KycDecision decision{.reason = std::string(reason)};
  const bool approves = word == "approve" || word == "approved";
  const bool rejects = word == "reject" || word == "rejected";
  decision.action = rejects ? KycAction::kReject : KycAction::kApprove;
  violations.Check(approves || rejects, "decision", "must be approve or reject");
  const bool blank = reason.find_first_not_of(" \t\r\n") == std::string_view::npos;
  violations.Check(!rejects || !blank, "reason", "is required to reject: the user reads it");
  violations.Check(reason.size() <= kMaxReasonBytes, "reason", "must be at most 1000 bytes");
  if (blank) decision.reason.clear();
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return decision;
}

bool Contains(const std::vector<KycDocument>& documents, const std::string& object_key) {
  return std::any_of(documents.begin(), documents.end(),
                     [&](const KycDocument& document) { return document.object_key == object_key; });
}

}  // namespace

absl::StatusOr<std::vector<KycDocument>> Kyc::Upload(const Origin& owner, const std::vector<GivenDocument>& given,
                                                     const RepeatableUpload& repeatable) {
  PT_ASSIGN_OR_RETURN(const std::vector<CheckedDocument> checked, CheckDocuments(given));
  // Refused before anything is written, where that can be seen.
  PT_ASSIGN_OR_RETURN(const KycSubmission before, ports_.store.Find(owner.user_id));
  const bool may_be_known = !repeatable.key.empty();
  if (!may_be_known && !After(before.status, KycAction::kSubmit)) return Error(Reason::kKYC_APPROVED);
  std::vector<KycDocument> documents;
  for (const CheckedDocument& one : checked) {
    KycDocument document{.user_id = owner.user_id, .document_type = one.document_type, .file_url = one.file_url};
    if (!one.file_url) {
      document.file_name = one.file_name;
      document.content_type = MediaType(one.type);
      document.size = static_cast<std::int64_t>(one.content.size());
      document.sha256 = ports_.sha256(one.content);
    }
    documents.push_back(std::move(document));
  }
  PT_ASSIGN_OR_RETURN(const std::vector<std::string> written, WriteContents(owner.user_id, documents, checked));
  absl::StatusOr<std::vector<KycDocument>> stored = ports_.store.Submit(owner, documents, repeatable);
  // After a failure nobody knows whether it was committed: the sweep finds out.
  if (stored.ok()) DropUnused(written, *stored);
  return stored;
}

// Gives a key to each document that is new, and writes it there. The keys that were written.
absl::StatusOr<std::vector<std::string>> Kyc::WriteContents(std::int64_t user_id, std::vector<KycDocument>& documents,
                                                            const std::vector<CheckedDocument>& checked) {
  std::vector<std::string> keys;
  std::vector<std::string> hashes;
  for (const KycDocument& document : documents) {
    if (!document.file_url) hashes.push_back(document.sha256);
  }
  if (hashes.empty()) return keys;
  PT_ASSIGN_OR_RETURN(const std::vector<KycDocument> known, ports_.store.FindByHash(user_id, hashes));
  for (std::size_t i = 0; i < documents.size(); ++i) {
    KycDocument& document = documents[i];
    if (document.file_url) continue;
    const auto same = [&](const KycDocument& other) { return other.sha256 == document.sha256; };
    const auto stored = std::find_if(known.begin(), known.end(), same);
    const auto end = documents.begin() + static_cast<std::ptrdiff_t>(i);
    const auto twin = std::find_if(documents.begin(), end, same);
    if (stored != known.end() || twin != end) {
      document.object_key = stored != known.end() ? stored->object_key : twin->object_key;
    } else {
      document.object_key = fmt::format("kyc/{}/{}", user_id, ports_.ids.Next());
      keys.push_back(document.object_key);
    }
  }
  if (keys.empty()) return keys;
  PT_RETURN_IF_ERROR(ports_.store.Begin(keys));
  std::size_t next = 0;  // the keys are in the order of the documents; a twin has the same content
  for (std::size_t i = 0; i < documents.size() && next < keys.size(); ++i) {
    if (documents[i].object_key != keys[next]) continue;
    PT_RETURN_IF_ERROR(ports_.documents.Put(user_id, keys[next], checked[i].content));
    ++next;
  }
  return keys;
}

// Another upload may have brought the same document in the same moment; its object stays, ours goes.
void Kyc::DropUnused(const std::vector<std::string>& written, const std::vector<KycDocument>& stored) {
  for (const std::string& key : written) {
    if (Contains(stored, key)) continue;
    // Whatever goes wrong here is left to the sweep.
    if (ports_.documents.Delete(key).ok()) ports_.store.Forget({key}).IgnoreError();
  }
}

absl::StatusOr<KycPage> Kyc::List(std::string_view status, std::int64_t offset, std::int64_t size) {
  const std::optional<KycStatus> wanted = ParseKycWord(status);
  if (!status.empty() && (!wanted || wanted == KycStatus::kNotSubmitted)) {
    return InvalidField("status", "must be pending, approved or rejected");
  }
  return ports_.store.List({.status = wanted, .offset = offset, .size = size});
}

absl::StatusOr<KycSubmission> Kyc::Review(const Origin& admin, std::int64_t user_id, std::string_view decision,
                                          std::string_view reason, const idempotency::Key& key) {
  PT_ASSIGN_OR_RETURN(const KycDecision decided, ReadDecision(decision, reason));
  if (admin.user_id == user_id) {
    return Error(Reason::kPERMISSION_DENIED, "Nobody reviews their own documents; ask another administrator.");
  }
  PT_RETURN_IF_ERROR(ports_.store.Review(admin, user_id, decided, key));
  return ports_.store.Find(user_id);
}

absl::StatusOr<OpenedDocument> Kyc::Open(const Origin& reader, bool is_admin, std::int64_t document_id) {
  PT_ASSIGN_OR_RETURN(KycDocument document, ports_.store.OpenForReading(reader, is_admin, document_id));
  if (document.file_url) {
    return Error(Reason::kDOCUMENT_NOT_FOUND, "The document was given by its address; its content is not here.");
  }
  PT_ASSIGN_OR_RETURN(std::string content, ports_.documents.Get(document.user_id, document.object_key));
  if (ports_.sha256(content) != document.sha256) return absl::DataLossError("the document's content has changed");
  return OpenedDocument{.document = std::move(document), .content = std::move(content)};
}

absl::StatusOr<std::size_t> Kyc::Sweep() {
  PT_ASSIGN_OR_RETURN(const std::vector<std::string> keys,
                      ports_.store.FindUnfinished(ports_.clock.Now() - kUnfinishedFor));
  for (const std::string& key : keys) {
    PT_RETURN_IF_ERROR(ports_.documents.Delete(key));
    PT_RETURN_IF_ERROR(ports_.store.Forget({key}));
  }
  return keys.size();
}

std::string_view KycMessage(KycStatus status) {
  switch (status) {
    case KycStatus::kNotSubmitted:
      return "No documents have been submitted yet.";
    case KycStatus::kPending:
      return "Your documents are being reviewed.";
    case KycStatus::kApproved:
      return "Your documents are approved.";
    case KycStatus::kRejected:
      return "Your documents were rejected; please submit others.";
  }
  return "";
}

}  // namespace papertape::auth
