#include "services/auth/store/kyc_rows.h"

namespace papertape::auth {
namespace {

KycStatus StatusAt(const pg::Rows& rows, std::size_t row, int column) {
  return ParseKycWord(rows.Text(row, column)).value_or(KycStatus::kNotSubmitted);
}

std::optional<Timestamp> OptionalTime(const pg::Rows& rows, std::size_t row, int column) {
  if (rows.IsNull(row, column)) return std::nullopt;
  return rows.Time(row, column);
}

}  // namespace

std::vector<KycDocument> ReadDocuments(const pg::Rows& rows) {
  std::vector<KycDocument> documents;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    documents.push_back({.id = rows.Int(row, 0),
                         .user_id = rows.Int(row, 1),
                         .document_type = std::string(rows.Text(row, 2)),
                         .uploaded_at = rows.Time(row, 3),
                         .file_url = rows.OptionalText(row, 4),
                         .file_name = std::string(rows.Text(row, 5)),
                         .content_type = std::string(rows.Text(row, 6)),
                         .size = rows.Int(row, 7),
                         .sha256 = std::string(rows.Text(row, 8)),
                         .object_key = std::string(rows.Text(row, 9))});
  }
  return documents;
}

KycSubmission ReadSubmission(const pg::Rows& rows, std::size_t row) {
  KycSubmission submission{.user_id = rows.Int(row, 0),
                           .email = std::string(rows.Text(row, 1)),
                           .username = std::string(rows.Text(row, 2)),
                           .status = StatusAt(rows, row, 3),
                           .reason = rows.OptionalText(row, 4),
                           .submitted_at = OptionalTime(rows, row, 5),
                           .reviewed_at = OptionalTime(rows, row, 6)};
  if (!rows.IsNull(row, 7)) submission.reviewed_by = rows.Int(row, 7);
  return submission;
}

std::vector<KycChange> ReadChanges(const pg::Rows& rows) {
  std::vector<KycChange> changes;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    changes.push_back({.from = StatusAt(rows, row, 0),
                       .to = StatusAt(rows, row, 1),
                       .changed_by = rows.Int(row, 2),
                       .reason = rows.OptionalText(row, 3),
                       .changed_at = rows.Time(row, 4)});
  }
  return changes;
}

pg::Param TextArray(const std::vector<std::string>& texts) {
  pg::ArrayParam array;
  for (const std::string& text : texts) array.Add(text);
  return array.Finish();
}

}  // namespace papertape::auth
