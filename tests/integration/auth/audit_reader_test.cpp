#include "migrations/auth_store.h"
#include "services/auth/store/pg_audit_reader.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using testing::IsOk;

constexpr char kSecret[] = "a secret for tests, 32 bytes long";

// A log of five entries, and a superuser who can get past the trigger.
class Log {
 public:
  Log() {
    for (int i = 1; i <= 5; ++i) {
      const AuditEntry entry{.by = {.actor = Actor::kUser, .user_id = i, .client_address = "192.0.2.7"},
                             .action = deed::kSignedIn,
                             .subject_id = i};
      REQUIRE_THAT(log_.Record(entry), IsOk());
    }
  }
  // Runs as whoever owns the whole server: triggers are off.
  void Tamper(const std::string& sql) const {
    database_.Execute("set session_replication_role = replica; " + sql + "; set session_replication_role = default");
  }
  std::string Ask(const std::string& sql) const { return database_.Execute(sql); }
  AuditFinding Check(std::int64_t size = 100) { return CheckBy(trail_, size); }
  // Stretch by stretch, as the command line does.
  AuditFinding CheckBy(const AuditTrail& trail, std::int64_t size, const std::string& expected = "") {
    PgAuditReader reader(*pool_, trail);
    AuditFinding total;
    while (!total.at_end && !total.broken_number) {
      const auto found = reader.Check({.after = total.last, .size = size, .expected_hash = expected});
      REQUIRE_THAT(found.status(), IsOk());
      const AuditFinding before = total;
      total = *found;
      total.checked += before.checked;
      total.expected_found |= before.expected_found;
    }
    return total;
  }
  absl::StatusOr<AuditPage> List(const AuditFilter& filter) { return PgAuditReader(*pool_, trail_).List(filter); }
  void RegisterSomebody() {
    StoredUser user;
    user.user.email = "ann@example.com";
    user.user.username = "ann";
    user.password_hash = "hash";
    REQUIRE_THAT(PgUserStore(*pool_, trail_).Insert(user, {}, {.action = deed::kRegistered}).status(), IsOk());
  }

 private:
  const testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail_{kSecret, SystemClock()};
  PgAuditLog log_{*pool_, trail_};
};

TEST_CASE("a log that nobody touched is good, in one stretch or in many") {
  Log log;
  const auto size = GENERATE(1, 2, 5, 100);
  const AuditFinding finding = log.Check(size);
  CHECK_FALSE(finding.broken_number.has_value());
  CHECK(finding.checked == 5);
  CHECK(finding.at_end);
  CHECK(finding.last.number == 5);
  CHECK(finding.last.hash == log.Ask("select hash from auth.audit_log where number = 5"));
}

TEST_CASE("every way to tamper with the log is found where it happened") {
  struct Case {
    const char* what;
    const char* sql;
    std::int64_t broken;
  };
  const Case each = GENERATE(
      Case{"a word changed", "update auth.audit_log set action = 'login.refused' where number = 2", 2},
      Case{"an address changed", "update auth.audit_log set client_address = '192.0.2.8' where number = 5", 5},
      Case{"a time moved", "update auth.audit_log set at = at + interval '1 microsecond' where number = 1", 1},
      Case{"a border shifted", "update auth.audit_log set actor_id = 11, subject_id = 1 where number = 1", 1},
      Case{"a detail added", "update auth.audit_log set detail = '{\"a\":\"b\"}' where number = 3", 3},
      Case{"two rows swapped",
           "update auth.audit_log set number = case number when 2 then 30 else 2 end where number in (2, 3); "
           "update auth.audit_log set number = 3 where number = 30",
           2},
      Case{"a row in the middle deleted", "delete from auth.audit_log where number = 3", 3},
      Case{"the first row deleted", "delete from auth.audit_log where number = 1", 1},
      Case{"the last row deleted", "delete from auth.audit_log where number = 5", 5},
      Case{"the tail deleted and the head moved",
           "delete from auth.audit_log where number > 3; update auth.audit_head set number = 3, "
           "hash = (select hash from auth.audit_log where number = 3)",
           3},
      Case{"a row added",
           "insert into auth.audit_log select 6, at, actor, actor_id, action, subject_id, client_address, request_id, "
           "detail, repeat('a', 64) from auth.audit_log where number = 5",
           6},
      Case{
          "a row added and the head moved",
          "insert into auth.audit_log select 6, at, actor, actor_id, action, subject_id, client_address, request_id, "
          "detail, repeat('a', 64) from auth.audit_log where number = 5; update auth.audit_head set number = 6, hash = "
          "repeat('a', 64)",
          6},
      Case{"the head's seal changed", "update auth.audit_head set seal = repeat('b', 64)", 5},
      Case{"the head deleted", "delete from auth.audit_head", 5});
  Log log;
  INFO(each.what);
  log.Tamper(each.sql);
  for (const std::int64_t size : {2, 100}) {
    const AuditFinding finding = log.Check(size);
    REQUIRE(finding.broken_number.has_value());
    CHECK(*finding.broken_number == each.broken);
    CHECK_FALSE(finding.problem.empty());
  }
}

TEST_CASE("an emptied log is found by the users who registered") {
  Log log;
  log.RegisterSomebody();
  log.Tamper("delete from auth.audit_log; update auth.audit_head set number = 0, hash = '', seal = ''");
  CHECK(log.Check().broken_number == 1);
}

TEST_CASE("a log that was set back to an earlier state lacks the head that the operator pinned") {
  Log log;
  const std::string pinned = log.Ask("select hash from auth.audit_log where number = 5");
  const AuditTrail trail(kSecret, SystemClock());
  CHECK(log.CheckBy(trail, 2, pinned).expected_found);
  CHECK(log.CheckBy(trail, 2, log.Ask("select hash from auth.audit_log where number = 1")).expected_found);
  // The head of three entries, as an old backup has it.
  const std::string third = log.Ask("select hash from auth.audit_log where number = 3");
  log.Tamper("delete from auth.audit_log where number > 3; update auth.audit_head set number = 3, hash = '" + third +
             "', seal = '" + trail.SealOf({.number = 3, .hash = third}) + "'");
  const AuditFinding finding = log.CheckBy(trail, 2, pinned);
  CHECK_FALSE(finding.broken_number.has_value());
  CHECK_FALSE(finding.expected_found);
}

TEST_CASE("another installation's secret makes no chain of ours") {
  Log log;
  const AuditTrail other("another secret for tests, as long", SystemClock());
  CHECK(log.CheckBy(other, 100).broken_number == 1);
}

TEST_CASE("the log is listed newest first, page by page, of all or of one user") {
  Log log;
  const auto first = log.List({.size = 2});
  REQUIRE_THAT(first.status(), IsOk());
  REQUIRE(first->entries.size() == 2);
  CHECK(first->entries[0].number == 5);
  CHECK(first->entries[0].client_address == "192.0.2.7");
  CHECK(first->has_more);
  const auto last = log.List({.size = 3, .before_number = 4});
  CHECK(last->entries.size() == 3);
  CHECK_FALSE(last->has_more);
  const auto of_one = log.List({.size = 10, .user_id = 2});
  REQUIRE(of_one->entries.size() == 1);
  CHECK(of_one->entries[0].subject_id == 2);
}

}  // namespace
}  // namespace papertape::auth
