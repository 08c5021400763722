#include "services/auth/store/pg_kyc_store.h"

#include <algorithm>
#include <map>

#include "libs/idempotency/once.h"
#include "libs/status/status.h"
#include "services/auth/store/auth_outbox.h"
#include "services/auth/store/kyc_rows.h"

namespace papertape::auth {
namespace {

constexpr int kSweptAtOnce = 100;

std::string Select(std::string_view columns, std::string_view rest) {
  return "select " + std::string(columns) + " " + std::string(rest);
}

// The status, with the user's row locked until the transaction ends. USER_NOT_FOUND.
absl::StatusOr<KycStatus> LockCase(pg::Transaction& transaction, std::int64_t user_id) {
  transaction.Exec(
      "insert into kyc_cases (user_id, status) select id, 'not_submitted' from users where id = $1 "
      "on conflict do nothing",
      {user_id});
  const pg::Rows rows = transaction.Exec("select status from kyc_cases where user_id = $1 for update", {user_id});
  if (rows.empty()) return Error(Reason::kUSER_NOT_FOUND);
  return ParseKycWord(rows.Text(0, 0)).value_or(KycStatus::kNotSubmitted);
}

// When it was.
Timestamp AppendHistory(pg::Transaction& transaction, std::int64_t user_id, const KycChange& change) {
  return transaction
      .Exec(
          "insert into kyc_history (user_id, from_status, to_status, changed_by, reason) values ($1, $2, $3, $4, $5) "
          "returning changed_at",
          {user_id, KycWord(change.from), KycWord(change.to), change.changed_by, change.reason})
      .Time(0, 0);
}

// The stored document: this one, or the one that the user has already.
KycDocument Insert(pg::Transaction& transaction, const KycDocument& document) {
  const std::string returning = " returning " + std::string(kDocumentColumns);
  pg::Rows rows = document.file_url ? transaction.Exec(
                                          "insert into kyc_documents as d (user_id, document_type, file_url) "
                                          "values ($1, $2, $3) on conflict do nothing" +
                                              returning,
                                          {document.user_id, document.document_type, document.file_url})
                                    : transaction.Exec(
                                          "insert into kyc_documents as d (user_id, document_type, file_name, "
                                          "content_type, size, sha256, object_key) "
                                          "values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing" +
                                              returning,
                                          {document.user_id, document.document_type, document.file_name,
                                           document.content_type, document.size, document.sha256, document.object_key});
  if (rows.empty()) {
    rows = document.file_url
               ? transaction.Exec(Select(kDocumentColumns, "from kyc_documents d where user_id = $1 and file_url = $2"),
                                  {document.user_id, document.file_url})
               : transaction.Exec(Select(kDocumentColumns, "from kyc_documents d where user_id = $1 and sha256 = $2"),
                                  {document.user_id, document.sha256});
  }
  return ReadDocuments(rows).front();
}

// "17,18"
std::string IdsOf(const std::vector<KycDocument>& documents) {
  std::string text;
  for (const KycDocument& document : documents) text += (text.empty() ? "" : ",") + std::to_string(document.id);
  return text;
}

absl::Status CheckCount(pg::Transaction& transaction, std::int64_t user_id) {
  const pg::Rows rows = transaction.Exec("select count(*) from kyc_documents where user_id = $1", {user_id});
  if (rows.Int(0, 0) <= kMaxDocumentsOfUser) return absl::OkStatus();
  return InvalidField("documents", "must not make it more than 50 documents of one user");
}

}  // namespace

absl::StatusOr<std::vector<KycDocument>> PgKycStore::FindByHash(std::int64_t user_id,
                                                                const std::vector<std::string>& sha256) {
  std::vector<KycDocument> found;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    found = ReadDocuments(transaction.Exec(
        Select(kDocumentColumns, "from kyc_documents d where user_id = $1 and sha256 = any($2::text[])"),
        {user_id, TextArray(sha256)}));
    return absl::OkStatus();
  }));
  return found;
}

absl::Status PgKycStore::Begin(const std::vector<std::string>& object_keys) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec("insert into kyc_unfinished_objects (object_key) select unnest($1::text[])",
                     {TextArray(object_keys)});
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<KycDocument>> PgKycStore::Submit(const Origin& by, const std::vector<KycDocument>& documents,
                                                            const RepeatableUpload& repeatable) {
  absl::StatusOr<std::vector<KycDocument>> stored;
  const absl::Status status = pool_.Transact([&](pg::Transaction& transaction) {
    stored = idempotency::Once(transaction, repeatable, [&] { return SubmitWithin(transaction, by, documents); });
    return stored.status();
  });
  if (!status.ok()) return status;
  told_();
  return stored;
}

absl::StatusOr<std::vector<KycDocument>> PgKycStore::SubmitWithin(pg::Transaction& transaction, const Origin& by,
                                                                  const std::vector<KycDocument>& documents) const {
  PT_ASSIGN_OR_RETURN(const KycStatus from, LockCase(transaction, by.user_id));
  const std::optional<KycStatus> to = After(from, KycAction::kSubmit);
  if (!to) return Error(Reason::kKYC_APPROVED);
  std::vector<KycDocument> stored;
  std::vector<std::string> keys;
  for (const KycDocument& document : documents) {
    stored.push_back(Insert(transaction, document));
    if (!document.file_url) keys.push_back(stored.back().object_key);
  }
  PT_RETURN_IF_ERROR(CheckCount(transaction, by.user_id));
  transaction.Exec("delete from kyc_unfinished_objects where object_key = any($1::text[])", {TextArray(keys)});
  if (from != *to) {
    transaction.Exec("update kyc_cases set status = $2, submitted_at = now(), reason = null where user_id = $1",
                     {by.user_id, KycWord(*to)});
    const Timestamp now = AppendHistory(transaction, by.user_id, {.from = from, .to = *to, .changed_by = by.user_id});
    TellSubmitted(transaction, ids_, by, stored.size(), now);
  }
  trail_.Append(transaction, {.by = by,
                              .action = deed::kDocumentUploaded,
                              .subject_id = by.user_id,
                              .detail = {{"documents", IdsOf(stored)}}});
  return stored;
}

absl::StatusOr<KycSubmission> PgKycStore::Find(std::int64_t user_id) {
  KycSubmission submission;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        Select(kSubmissionColumns, "from users u left join kyc_cases c on c.user_id = u.id where u.id = $1"),
        {user_id});
    if (rows.empty()) return Error(Reason::kUSER_NOT_FOUND);
    submission = ReadSubmission(rows, 0);
    submission.documents = ReadDocuments(
        transaction.Exec(Select(kDocumentColumns, "from kyc_documents d where user_id = $1 order by id"), {user_id}));
    submission.history =
        ReadChanges(transaction.Exec("select from_status, to_status, changed_by, reason, changed_at from kyc_history "
                                     "where user_id = $1 order by id",
                                     {user_id}));
    return absl::OkStatus();
  }));
  return submission;
}

absl::StatusOr<KycPage> PgKycStore::List(const KycQuery& query) {
  KycPage page;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    // Whoever has submitted nothing has no submission, even if an upload that failed has left a row.
    constexpr std::string_view kWhich = "($1::text is null and c.status <> 'not_submitted' or c.status = $1)";
    std::optional<std::string> status;
    if (query.status) status = KycWord(*query.status);
    page.total = transaction.Exec("select count(*) from kyc_cases c where " + std::string(kWhich), {status}).Int(0, 0);
    const pg::Rows rows = transaction.Exec(
        Select(kSubmissionColumns, "from kyc_cases c join users u on u.id = c.user_id where " + std::string(kWhich) +
                                       " order by c.submitted_at, c.user_id limit $2 offset $3"),
        {status, query.size, query.offset});
    std::map<std::int64_t, std::size_t> places;
    pg::ArrayParam users;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      page.submissions.push_back(ReadSubmission(rows, row));
      users.Add(page.submissions.back().user_id);
      places[page.submissions.back().user_id] = row;
    }
    for (KycDocument& document : ReadDocuments(transaction.Exec(
             Select(kDocumentColumns, "from kyc_documents d where user_id = any($1::bigint[]) order by id"),
             {users.Finish()}))) {
      page.submissions[places[document.user_id]].documents.push_back(std::move(document));
    }
    return absl::OkStatus();
  }));
  return page;
}

absl::Status PgKycStore::Review(const Origin& by, std::int64_t user_id, const KycDecision& decision,
                                const idempotency::Key& key) {
  const absl::Status status = pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    PT_ASSIGN_OR_RETURN(const std::optional<std::string> earlier, idempotency::Find(transaction, key));
    if (earlier) return absl::OkStatus();
    PT_ASSIGN_OR_RETURN(const KycStatus from, LockCase(transaction, user_id));
    const std::optional<KycStatus> to = After(from, decision.action);
    if (!to) return Error(Reason::kKYC_NOT_PENDING);
    std::optional<std::string> reason;
    if (!decision.reason.empty()) reason = decision.reason;
    transaction.Exec(
        "update kyc_cases set status = $2, reason = $3, reviewed_at = now(), reviewed_by = $4 "
        "where user_id = $1",
        {user_id, KycWord(*to), reason, by.user_id});
    const KycChange change{.from = from, .to = *to, .changed_by = by.user_id, .reason = reason};
    TellReviewed(transaction, ids_, by, user_id, change, AppendHistory(transaction, user_id, change));
    trail_.Append(transaction, {.by = by,
                                .action = deed::kDocumentReviewed,
                                .subject_id = user_id,
                                .detail = {{"status", std::string(KycWord(*to))}}});
    idempotency::Remember(transaction, key, "");
    return absl::OkStatus();
  });
  if (status.ok()) told_();
  return status;
}

absl::StatusOr<KycDocument> PgKycStore::OpenForReading(const Origin& reader, bool is_admin, std::int64_t document_id) {
  KycDocument document;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const std::vector<KycDocument> found =
        ReadDocuments(transaction.Exec(Select(kDocumentColumns, "from kyc_documents d where id = $1"), {document_id}));
    if (found.empty()) return Error(Reason::kDOCUMENT_NOT_FOUND);
    document = found.front();
    if (document.user_id == reader.user_id) return absl::OkStatus();
    if (!is_admin) return Error(Reason::kPERMISSION_DENIED);
    trail_.Append(transaction, {.by = reader,
                                .action = deed::kDocumentRead,
                                .subject_id = document.user_id,
                                .detail = {{"document", std::to_string(document_id)}}});
    return absl::OkStatus();
  }));
  return document;
}

absl::StatusOr<std::vector<std::string>> PgKycStore::FindUnfinished(Timestamp before) {
  std::vector<std::string> keys;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "select object_key from kyc_unfinished_objects o where begun_at < $1 "
        "and not exists (select from kyc_documents d where d.object_key = o.object_key) order by begun_at limit $2",
        {before, kSweptAtOnce});
    for (std::size_t row = 0; row < rows.size(); ++row) keys.emplace_back(rows.Text(row, 0));
    return absl::OkStatus();
  }));
  return keys;
}

absl::Status PgKycStore::Forget(const std::vector<std::string>& object_keys) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec("delete from kyc_unfinished_objects where object_key = any($1::text[])", {TextArray(object_keys)});
    return absl::OkStatus();
  });
}

}  // namespace papertape::auth
