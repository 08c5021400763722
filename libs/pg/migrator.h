// Migrations: files V001__name.sql with V001__name.down.sql beside them, compiled into the service's binary
// (papertape_migrations in cmake/Layers.cmake) and applied in order inside the service's schema.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace papertape::pg {

// The two files of one version.
struct Migration {
  int version = 0;
  std::string name;
  std::string up;
  std::string down;
};

struct MigrationPlan {
  std::string dsn;
  std::string schema;  // created when missing; holds the table schema_migrations(version, name, sha256, applied_at)
  std::vector<Migration> migrations;
};

// Applies what is missing, each version in its own transaction, under an advisory lock so that two processes may start
// at once. Refuses with FAILED_PRECONDITION when an applied version has changed (SHA-256 of `up`) or is not in the
// plan, and when the plan itself repeats or goes back. Answers the versions applied.
absl::StatusOr<std::vector<int>> MigrateUp(const MigrationPlan& plan);
// Takes back every applied version above `target`, newest first; the same refusals. Answers the versions taken back.
absl::StatusOr<std::vector<int>> MigrateDown(const MigrationPlan& plan, int target);

}  // namespace papertape::pg
