// Rows of the tables `kyc_*` as domain values. Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/pool.h"
#include "services/auth/domain/kyc_ports.h"

namespace papertape::auth {

// The columns that ReadDocuments reads, in its order; of `kyc_documents d`.
inline constexpr std::string_view kDocumentColumns =
    "d.id, d.user_id, d.document_type, d.uploaded_at, d.file_url, d.file_name, d.content_type, d.size, d.sha256, "
    "d.object_key";
std::vector<KycDocument> ReadDocuments(const pg::Rows& rows);

// The columns that ReadSubmission reads, in its order; of `users u left join kyc_cases c`.
inline constexpr std::string_view kSubmissionColumns =
    "u.id, u.email, u.username, coalesce(c.status, 'not_submitted'), c.reason, c.submitted_at, c.reviewed_at, "
    "c.reviewed_by";
KycSubmission ReadSubmission(const pg::Rows& rows, std::size_t row);

// The columns from_status, to_status, changed_by, reason, changed_at.
std::vector<KycChange> ReadChanges(const pg::Rows& rows);

// For `any($1::text[])`.
pg::Param TextArray(const std::vector<std::string>& texts);

}  // namespace papertape::auth
