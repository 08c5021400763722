#include "services/auth/rpc/admin_messages.h"

#include <algorithm>
#include <charconv>

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr int kStretchMost = 10'000;
constexpr int kPageMost = 200;
constexpr int kPage = 20;

}  // namespace

AuditStretch Decode(const v1::VerifyAuditRequest& request) {
  const int size = request.size() > 0 ? request.size() : kStretchMost;
  return {.after = {.number = std::max<std::int64_t>(request.after_number(), 0), .hash = request.after_hash()},
          .size = std::min(size, kStretchMost),
          .expected_hash = request.expected_hash()};
}

absl::StatusOr<AuditFilter> Decode(const v1::ListAuditRequest& request) {
  AuditFilter filter{.size = std::min(request.size() > 0 ? request.size() : kPage, kPageMost),
                     .before_number = 0,
                     .user_id = request.user_id()};
  const std::string& cursor = request.cursor();
  if (cursor.empty()) return filter;
  const char* const end = cursor.data() + cursor.size();
  const auto [rest, error] = std::from_chars(cursor.data(), end, filter.before_number);
  if (error != std::errc() || rest != end || filter.before_number <= 0) {
    return InvalidField("cursor", "must be the `next_cursor` of a page");
  }
  return filter;
}

void Encode(const RoleChanged& changed, v1::SetRoleReply& out) {
  out.set_user_id(changed.user.id);
  out.set_email(changed.user.email);
  out.set_previous_role(changed.previous_role);
  out.set_role(changed.user.role);
  out.set_sessions_ended(static_cast<std::int64_t>(changed.ended_sessions.size()) - changed.keys_revoked);
  out.set_keys_revoked(changed.keys_revoked);
}

void Encode(const AuditFinding& finding, v1::VerifyAuditReply& out) {
  out.set_checked(finding.checked);
  out.set_last_number(finding.last.number);
  out.set_last_hash(finding.last.hash);
  if (finding.broken_number) out.set_broken_number(*finding.broken_number);
  out.set_problem(finding.problem);
  out.set_at_end(finding.at_end);
  out.set_expected_found(finding.expected_found);
}

void Encode(const AuditPage& page, v1::ListAuditReply& out) {
  for (const AuditRow& row : page.entries) {
    v1::AuditRecord& entry = *out.add_entries();
    entry.set_number(row.number);
    rpc::Encode(row.at, entry.mutable_at());
    entry.set_actor(row.actor);
    entry.set_actor_id(row.actor_id);
    entry.set_action(row.action);
    entry.set_subject_id(row.subject_id);
    entry.set_client_address(row.client_address);
    entry.set_request_id(row.request_id);
    entry.set_detail(row.detail);
    entry.set_hash(row.hash);
  }
  if (page.has_more) out.set_next_cursor(std::to_string(page.entries.back().number));
}

}  // namespace papertape::auth
