// Reading the audit log: checking that nobody has changed it, and showing it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/auth/domain/audit.h"

namespace papertape::auth {

// A part of the log to check.
struct AuditStretch {
  AuditHead after;            // the last entry known to be good; number 0: begin at the beginning
  std::int64_t size = 0;      // entries at most, positive
  std::string expected_hash;  // to look for; empty: none
};

struct AuditFinding {
  std::int64_t checked = 0;                   // entries found good
  AuditHead last;                             // the last of them, or where the stretch began
  std::optional<std::int64_t> broken_number;  // the first entry that is not what was written
  std::string problem;                        // what is wrong there
  bool at_end = false;                        // nothing is left to check
  bool expected_found = false;
};

struct AuditFilter {
  std::int64_t size = 20;
  std::int64_t before_number = 0;  // only older ones; 0: from the newest on
  std::int64_t user_id = 0;        // only by or about this user; 0: all
};

struct AuditPage {
  std::vector<AuditRow> entries;  // newest first
  bool has_more = false;
};

// Thread-safe.
class AuditReader {
 public:
  virtual ~AuditReader() = default;
  virtual absl::StatusOr<AuditFinding> Check(const AuditStretch& stretch) = 0;
  virtual absl::StatusOr<AuditPage> List(const AuditFilter& filter) = 0;
};

}  // namespace papertape::auth
