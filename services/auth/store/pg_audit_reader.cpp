#include "services/auth/store/pg_audit_reader.h"

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::string_view kColumns =
    "number, at, actor, actor_id, action, subject_id, client_address, request_id, detail, hash";

AuditRow ReadRow(const pg::Rows& rows, std::size_t row) {
  const auto text = [&](int column) { return std::string(rows.Text(row, column)); };
  return {.number = rows.Int(row, 0),
          .at = rows.Time(row, 1),
          .actor = text(2),
          .actor_id = rows.Int(row, 3),
          .action = text(4),
          .subject_id = rows.Int(row, 5),
          .client_address = text(6),
          .request_id = text(7),
          .detail = text(8),
          .hash = text(9)};
}

void Break(AuditFinding& finding, std::int64_t number, std::string_view problem) {
  finding.broken_number = number;
  finding.problem = problem;
}

// A log that was emptied looks like a new one, but for the users who must stand in it.
bool HasRegistrations(pg::Transaction& transaction) {
  return transaction
      .Exec(
          "select exists (select 1 from users where created_at > "
          "(select applied_at from schema_migrations where name = 'audit_log'))")
      .Bool(0, 0);
}

}  // namespace

absl::StatusOr<AuditFinding> PgAuditReader::Check(const AuditStretch& stretch) {
  AuditFinding finding{.last = stretch.after};
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    if (stretch.after.number > 0) {
      const pg::Rows known = transaction.Exec("select hash from audit_log where number = $1", {stretch.after.number});
      if (known.empty() || known.Text(0, 0) != stretch.after.hash) {
        Break(finding, stretch.after.number, "has changed since it was checked");
        return absl::OkStatus();
      }
    }
    Walk(transaction, stretch, finding);
    if (finding.at_end && !finding.broken_number) CheckHead(transaction, finding);
    return absl::OkStatus();
  }));
  return finding;
}

void PgAuditReader::Walk(pg::Transaction& transaction, const AuditStretch& stretch, AuditFinding& finding) const {
  const pg::Rows rows =
      transaction.Exec("select " + std::string(kColumns) + " from audit_log where number > $1 order by number limit $2",
                       {stretch.after.number, stretch.size});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const AuditRow row = ReadRow(rows, i);
    if (row.number != finding.last.number + 1) return Break(finding, finding.last.number + 1, "is missing");
    if (row.hash != trail_.HashOf(row, finding.last.hash)) return Break(finding, row.number, "is not what was written");
    if (row.hash == stretch.expected_hash) finding.expected_found = true;
    finding.last = {.number = row.number, .hash = row.hash};
    ++finding.checked;
  }
  finding.at_end = static_cast<std::int64_t>(rows.size()) < stretch.size;
}

void PgAuditReader::CheckHead(pg::Transaction& transaction, AuditFinding& finding) const {
  const pg::Rows rows = transaction.Exec("select number, hash, seal from audit_head");
  if (rows.empty()) return Break(finding, finding.last.number, "has no head after it");
  const AuditHead head{.number = rows.Int(0, 0), .hash = std::string(rows.Text(0, 1))};
  if (head.number == 0 && finding.last.number == 0) {
    if (HasRegistrations(transaction)) Break(finding, 1, "is missing: users have registered, and the log is empty");
    return;
  }
  if (rows.Text(0, 2) != trail_.SealOf(head)) return Break(finding, head.number, "is not the head that was sealed");
  if (head.number > finding.last.number)
    return Break(finding, finding.last.number + 1, "is missing: the log is cut off");
  if (head.number < finding.last.number || head.hash != finding.last.hash) {
    Break(finding, finding.last.number, "is not where the sealed head says that the log ends");
  }
}

absl::StatusOr<AuditPage> PgAuditReader::List(const AuditFilter& filter) {
  AuditPage page;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    std::string sql = "select " + std::string(kColumns) + " from audit_log where ($1 = 0 or number < $1)";
    std::vector<pg::Param> params{filter.before_number, filter.size + 1};
    if (filter.user_id != 0) {
      sql += " and (actor_id = $3 or subject_id = $3)";
      params.emplace_back(filter.user_id);
    }
    const pg::Rows rows = transaction.Exec(sql + " order by number desc limit $2", params);
    page.has_more = static_cast<std::int64_t>(rows.size()) > filter.size;
    for (std::size_t i = 0; i < rows.size() && !(page.has_more && i + 1 == rows.size()); ++i) {
      page.entries.push_back(ReadRow(rows, i));
    }
    return absl::OkStatus();
  }));
  return page;
}

}  // namespace papertape::auth
