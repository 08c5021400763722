#include <algorithm>
#include <iostream>
#include <vector>

#include "cli/commands.h"
#include "fmt/format.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::cli {
namespace {

constexpr int kPageMost = 200;

void Print(const auth::v1::AuditRecord& entry) {
  const std::string actor = entry.actor_id() > 0 ? fmt::format("user {}", entry.actor_id()) : entry.actor();
  const std::string subject = entry.subject_id() > 0 ? fmt::format("user {}", entry.subject_id()) : "-";
  std::cout << fmt::format("{:>6}  {}  {:<10} {:<24} {:<10} {:<15} {}\n", entry.number(),
                           FormatRfc3339(rpc::Decode(entry.at())), actor, entry.action(), subject,
                           entry.client_address().empty() ? "-" : entry.client_address(), entry.detail());
}

}  // namespace

int VerifyAudit(OperatorClient& suite, const std::string& expected_hash) {
  auth::v1::VerifyAuditRequest request;
  request.set_expected_hash(expected_hash);
  std::int64_t checked = 0;
  bool expected_found = expected_hash.empty();
  while (true) {
    const auto found = suite.VerifyAudit(request);
    if (!found.ok()) return Refused(found.status());
    checked += found->checked();
    expected_found |= found->expected_found();
    if (found->has_broken_number()) {
      std::cout << fmt::format("checked {} entries\n", checked);
      std::cerr << fmt::format("papertape: the audit log has been tampered with: entry {} {}\n", found->broken_number(),
                               found->problem());
      return 1;
    }
    request.set_after_number(found->last_number());
    request.set_after_hash(found->last_hash());
    if (found->at_end()) break;
  }
  std::cout << fmt::format("checked {} entries, all as they were written\nhead {}\n", checked,
                           checked > 0 ? request.after_hash() : "(the log is empty)");
  if (expected_found) return 0;
  std::cerr << "papertape: no entry has the expected hash: the log was set back, or is another installation's\n";
  return 1;
}

int ListAudit(OperatorClient& suite, const std::string& email, int size) {
  auth::v1::ListAuditRequest request;
  request.set_email(email);
  std::vector<auth::v1::AuditRecord> entries;
  while (static_cast<int>(entries.size()) < size) {
    request.set_size(std::min(size - static_cast<int>(entries.size()), kPageMost));
    const auto page = suite.ListAudit(request);
    if (!page.ok()) return Refused(page.status());
    entries.insert(entries.end(), page->entries().begin(), page->entries().end());
    request.set_cursor(page->next_cursor());
    if (page->next_cursor().empty()) break;
  }
  std::for_each(entries.rbegin(), entries.rend(), Print);
  return 0;
}

}  // namespace papertape::cli
