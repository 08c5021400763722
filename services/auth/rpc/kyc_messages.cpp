#include "services/auth/rpc/kyc_messages.h"

#include <utility>

#include "fmt/format.h"

namespace papertape::auth {
namespace {

void EncodeDocument(const KycDocument& document, v1::KycDocument& out) {
  out.set_id(document.id);
  out.set_document_type(document.document_type);
  rpc::Encode(document.uploaded_at, out.mutable_uploaded_at());
  if (document.file_url) {
    out.set_file_url(*document.file_url);
    return;
  }
  out.set_file_name(document.file_name);
  out.set_file_url(fmt::format("/auth/kyc/documents/{}", document.id));
  out.set_size(document.size);
  out.set_sha256(document.sha256);
  out.set_content_type(document.content_type);
}

template <class Message>
void EncodeTimes(const KycSubmission& submission, Message& out) {
  out.set_status(std::string(KycWord(submission.status)));
  if (submission.reason) out.set_reason(*submission.reason);
  if (submission.submitted_at) rpc::Encode(*submission.submitted_at, out.mutable_submitted_at());
  if (submission.reviewed_at) rpc::Encode(*submission.reviewed_at, out.mutable_reviewed_at());
  for (const KycDocument& document : submission.documents) EncodeDocument(document, *out.add_documents());
}

}  // namespace

std::vector<GivenDocument> Decode(const v1::UploadKycRequest& request) {
  std::vector<GivenDocument> documents;
  for (const v1::UploadedDocument& given : request.documents()) {
    GivenDocument document{.document_type = given.document_type(), .content = given.content()};
    if (given.has_file_name()) document.file_name = given.file_name();
    if (given.has_file_url()) document.file_url = given.file_url();
    documents.push_back(std::move(document));
  }
  return documents;
}

void Encode(const std::vector<KycDocument>& documents, v1::UploadKycReply& out) {
  out.set_status(std::string(KycWord(KycStatus::kPending)));
  out.set_message(std::string(KycMessage(KycStatus::kPending)));
  for (const KycDocument& document : documents) EncodeDocument(document, *out.add_documents());
}

void Decode(const v1::UploadKycReply& reply, std::vector<KycDocument>& out) {
  for (const v1::KycDocument& document : reply.documents()) {
    out.push_back({.id = document.id(),
                   .document_type = document.document_type(),
                   .uploaded_at = rpc::Decode(document.uploaded_at()),
                   .file_name = document.file_name(),
                   .content_type = document.content_type(),
                   .size = document.size(),
                   .sha256 = document.sha256()});
    if (!document.has_sha256()) out.back().file_url = document.file_url();
  }
}

void Encode(const KycSubmission& submission, v1::KycStatus& out) {
  EncodeTimes(submission, out);
  out.set_message(std::string(KycMessage(submission.status)));
}

void Encode(const KycSubmission& submission, v1::KycSubmission& out) {
  EncodeTimes(submission, out);
  out.set_user_id(submission.user_id);
  out.set_email(submission.email);
  out.set_username(submission.username);
  if (submission.reviewed_by) out.set_reviewed_by(*submission.reviewed_by);
  for (const KycChange& change : submission.history) {
    v1::KycChange& entry = *out.add_history();
    entry.set_from_status(std::string(KycWord(change.from)));
    entry.set_to_status(std::string(KycWord(change.to)));
    entry.set_changed_by(change.changed_by);
    if (change.reason) entry.set_reason(*change.reason);
    rpc::Encode(change.changed_at, entry.mutable_changed_at());
  }
}

void Encode(const KycPage& page, const rpc::Page& asked, v1::ListKycReply& out) {
  for (const KycSubmission& submission : page.submissions) Encode(submission, *out.add_submissions());
  rpc::EncodePage(asked, page.total, out);
}

void Encode(OpenedDocument opened, type::v1::File& out) {
  out.set_content_type(opened.document.content_type);
  out.set_name(opened.document.file_name);
  out.set_content(std::move(opened.content));
}

}  // namespace papertape::auth
