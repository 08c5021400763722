#include "services/auth/store/audit_trail.h"

#include "fmt/format.h"
#include "libs/auth/keyed_hash.h"
#include "libs/json/json_text.h"

namespace papertape::auth {
namespace {

std::string DetailOf(const AuditEntry& entry) {
  std::string json = "{";
  for (const auto& [name, value] : entry.detail) {
    if (json.size() > 1) json += ",";
    json::AppendString(name, json);
    json += ":";
    json::AppendString(value, json);
  }
  return json + "}";
}

}  // namespace

AuditTrail::AuditTrail(std::string_view secret_key, const Clock& clock)
    : key_(DeriveKey(secret_key, "papertape audit log")), clock_(clock) {}

std::string AuditTrail::HashOf(const AuditRow& row, std::string_view previous_hash) const {
  // Lengths keep the borders: ("ab", "c") is not ("a", "bc").
  const auto framed = [](std::string_view text) { return fmt::format("{}:{}", text.size(), text); };
  return KeyedHash(
      key_, fmt::format("row {}{} {} {}{} {}{} {}{}{}", framed(previous_hash), row.number, MicrosSinceEpoch(row.at),
                        framed(row.actor), row.actor_id, framed(row.action), row.subject_id, framed(row.client_address),
                        framed(row.request_id), framed(row.detail)));
}

std::string AuditTrail::SealOf(const AuditHead& head) const {
  return KeyedHash(key_, fmt::format("head {} {}", head.number, head.hash));
}

void AuditTrail::Append(pg::Transaction& transaction, const AuditEntry& entry) const {
  const pg::Rows last = transaction.Exec("select number, hash from audit_head for update");
  AuditRow row{.number = last.Int(0, 0) + 1,
               .at = clock_.Now(),
               .actor = std::string(ActorName(entry.by.actor)),
               .actor_id = entry.by.user_id,
               .action = std::string(entry.action),
               .subject_id = entry.subject_id,
               .client_address = entry.by.client_address,
               .request_id = entry.by.request_id,
               .detail = DetailOf(entry)};
  row.hash = HashOf(row, last.Text(0, 1));
  transaction.Exec(
      "with appended as (insert into audit_log (number, at, actor, actor_id, action, subject_id, client_address, "
      "request_id, detail, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)) "
      "update audit_head set number = $1, hash = $10, seal = $11",
      {row.number, row.at, row.actor, row.actor_id, row.action, row.subject_id, row.client_address, row.request_id,
       row.detail, row.hash, SealOf({.number = row.number, .hash = row.hash})});
}

absl::Status PgAuditLog::Record(const AuditEntry& entry) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    trail_.Append(transaction, entry);
    return absl::OkStatus();
  });
}

}  // namespace papertape::auth
