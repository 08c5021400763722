#include "libs/pg/migrator.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <map>
#include <pqxx/pqxx>

#include "fmt/format.h"
#include "libs/ids/hex.h"
#include "libs/log/log.h"
#include "libs/pg/connection_string.h"
#include "libs/pg/pqxx_errors.h"
#include "libs/pg/session.h"
#include "libs/status/status.h"

namespace papertape::pg {
namespace {

struct Applied {
  std::string name, sha256;
};
using AppliedVersions = std::map<int, Applied>;

std::string Sha256(const std::string& text) {
  std::array<char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return ToHex({digest.data(), digest.size()});
}

absl::Status Refuse(const MigrationPlan& plan, std::string_view why) {
  return Error(ErrorDetails{.reason = Reason::kCONFLICT}, fmt::format("migrations of {}: {}", plan.schema, why));
}

absl::Status CheckPlan(const MigrationPlan& plan) {
  int last = 0;
  for (const Migration& migration : plan.migrations) {
    if (migration.version <= last) return Refuse(plan, fmt::format("version {} is out of order", migration.version));
    if (migration.down.empty()) return Refuse(plan, fmt::format("version {} has no way down", migration.version));
    last = migration.version;
  }
  return absl::OkStatus();
}

// What was applied must still be what the plan says.
absl::Status CheckApplied(const MigrationPlan& plan, const AppliedVersions& applied) {
  for (const auto& [version, row] : applied) {
    const auto found = std::find_if(plan.migrations.begin(), plan.migrations.end(),
                                    [wanted = version](const Migration& m) { return m.version == wanted; });
    if (found == plan.migrations.end()) {
      return Refuse(plan, fmt::format("version {} ({}) was applied and is not in this program", version, row.name));
    }
    if (Sha256(found->up) != row.sha256) {
      return Refuse(plan, fmt::format("version {} ({}) has changed since it was applied", version, row.name));
    }
  }
  return absl::OkStatus();
}

// Creating only what is missing: a service's role may own its schema without the right to create one.
AppliedVersions Prepare(pqxx::connection& connection, const std::string& schema) {
  pqxx::work transaction(connection);
  if (transaction.exec_params("select from pg_namespace where nspname = $1", schema).empty()) {
    transaction.exec("create schema " + transaction.quote_name(schema));
  }
  if (transaction.exec_params("select from pg_tables where schemaname = $1 and tablename = 'schema_migrations'", schema)
          .empty()) {
    transaction.exec(
        "create table schema_migrations (version integer primary key, name text not null, sha256 text not null, "
        "applied_at timestamptz not null default now())");
  }
  AppliedVersions applied;
  for (const auto& row : transaction.exec("select version, name, sha256 from schema_migrations")) {
    applied[row[0].as<int>()] = {row[1].c_str(), row[2].c_str()};
  }
  transaction.commit();
  return applied;
}

void Apply(pqxx::connection& connection, const Migration& migration) {
  pqxx::work transaction(connection);
  transaction.exec(migration.up);
  transaction.exec_params("insert into schema_migrations (version, name, sha256) values ($1, $2, $3)",
                          migration.version, migration.name, Sha256(migration.up));
  transaction.commit();
}

void TakeBack(pqxx::connection& connection, const Migration& migration) {
  pqxx::work transaction(connection);
  transaction.exec(migration.down);
  transaction.exec_params("delete from schema_migrations where version = $1", migration.version);
  transaction.commit();
}

// A server that is there and will not let us in, however long we wait. Otherwise it is not up yet, or full.
bool IsRefusal(std::string_view error) {
  for (const std::string_view words : {"authentication failed", "does not exist", "pg_hba.conf"}) {
    if (error.find("FATAL") != std::string_view::npos && error.find(words) != std::string_view::npos) return true;
  }
  return false;
}

// Runs `step` on one connection that holds the schema's lock until it is closed.
template <class Step>
absl::StatusOr<std::vector<int>> Locked(const MigrationPlan& plan, Step step) {
  PT_RETURN_IF_ERROR(CheckPlan(plan));
  PT_ASSIGN_OR_RETURN(const std::string connection_string, ConnectionString(plan.dsn, {.schema = plan.schema}));
  std::string doing = "connect";
  try {
    pqxx::connection connection(connection_string);
    const pqxx::quiet_errorhandler quiet(connection);
    ForbidReconnecting(connection);
    {
      pqxx::nontransaction outside(connection);
      outside.exec_params("select pg_advisory_lock(hashtextextended($1, 0))", "papertape migrations " + plan.schema);
    }
    doing = "read what was applied";
    const AppliedVersions applied = Prepare(connection, plan.schema);
    PT_RETURN_IF_ERROR(CheckApplied(plan, applied));
    return step(connection, applied, doing);
  } catch (const pqxx::pqxx_exception& exception) {
    // Whoever migrates is the operator, who needs PostgreSQL's words.
    const std::string_view what = exception.base().what();
    if (doing == "connect" && IsRefusal(what)) {
      return absl::FailedPreconditionError(fmt::format("migrations of {}: {}", plan.schema, what));
    }
    const absl::Status status = FailureOf(exception).status;
    return Error(DetailsOf(status),
                 fmt::format("migrations of {}: could not {}: {}", plan.schema, doing, exception.base().what()));
  }
}

}  // namespace

absl::StatusOr<std::vector<int>> MigrateUp(const MigrationPlan& plan) {
  return Locked(plan, [&](pqxx::connection& connection, const AppliedVersions& applied, std::string& doing) {
    std::vector<int> versions;
    for (const Migration& migration : plan.migrations) {
      if (applied.contains(migration.version)) continue;
      doing = fmt::format("apply version {} ({})", migration.version, migration.name);
      Apply(connection, migration);
      log::Info("migration applied", {{"schema", plan.schema}, {"version", migration.version}});
      versions.push_back(migration.version);
    }
    return versions;
  });
}

absl::StatusOr<std::vector<int>> MigrateDown(const MigrationPlan& plan, int target) {
  return Locked(plan, [&](pqxx::connection& connection, const AppliedVersions& applied, std::string& doing) {
    std::vector<int> versions;
    for (auto migration = plan.migrations.rbegin(); migration != plan.migrations.rend(); ++migration) {
      if (migration->version <= target || !applied.contains(migration->version)) continue;
      doing = fmt::format("take back version {} ({})", migration->version, migration->name);
      TakeBack(connection, *migration);
      log::Info("migration taken back", {{"schema", plan.schema}, {"version", migration->version}});
      versions.push_back(migration->version);
    }
    return versions;
  });
}

}  // namespace papertape::pg
