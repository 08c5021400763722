#include "services/auth/domain/administration.h"

#include "libs/clock/fake_clock.h"
#include "libs/status/status.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

// Answers what it is made to, and keeps what it was asked.
class ScriptedRoles final : public RoleStore {
 public:
  absl::StatusOr<RoleChanged> SetRole(const RoleChange& change) override {
    asked = change;
    return answer;
  }
  RoleChange asked;
  RoleChanged answer;
};

class ScriptedReader final : public AuditReader {
 public:
  absl::StatusOr<AuditFinding> Check(const AuditStretch&) override { return AuditFinding{}; }
  absl::StatusOr<AuditPage> List(const AuditFilter& filter) override {
    asked = filter;
    return AuditPage{};
  }
  AuditFilter asked;
};

struct World {
  FakeClock clock;
  FakeUserStore users;
  FakeIssuer tokens;
  FakeEndNotice notice;
  ScriptedRoles roles;
  ScriptedReader reader;
  Administration administration{
      {.users = users, .roles = roles, .audit = reader, .tokens = tokens, .notice = notice, .clock = clock}};
};

TEST_CASE("of two roles the one that may do less is the lower") {
  CHECK(IsDemotion("admin", "author"));
  CHECK(IsDemotion("admin", "user"));
  CHECK(IsDemotion("author", "user"));
  CHECK_FALSE(IsDemotion("user", "author"));
  CHECK_FALSE(IsDemotion("author", "admin"));
  CHECK_FALSE(IsDemotion("admin", "admin"));
}

TEST_CASE("a word that is no role changes nothing") {
  World world;
  for (const char* role : {"", "Admin", "king", "admin "}) {
    CHECK_THAT(world.administration.SetRole("ann@example.com", role, {}).status(), NamesField("role"));
  }
  CHECK(world.roles.asked.email.empty());
}

TEST_CASE("the end of sessions is told for as long as their tokens could live") {
  World world;
  world.roles.answer.ended_sessions = {"s1", "key-pk_1"};
  REQUIRE_THAT(world.administration.SetRole("ANN@example.com", "user", {}).status(), IsOk());
  CHECK(world.roles.asked.email == "ann@example.com");
  REQUIRE(world.notice.ended.size() == 2);
  CHECK(world.notice.ended["s1"] > world.clock.Now() + world.tokens.Life());
}

TEST_CASE("the log of a user is asked for by number or by address") {
  World world;
  StoredUser ann;
  ann.user.email = "ann@example.com";
  ann.user.username = "ann";
  const std::int64_t id = world.users.Insert(ann, {}, {.action = deed::kRegistered})->id;
  REQUIRE_THAT(world.administration.ListAudit({}, "Ann@Example.com").status(), IsOk());
  CHECK(world.reader.asked.user_id == id);
  REQUIRE_THAT(world.administration.ListAudit({.user_id = 9}, "").status(), IsOk());
  CHECK(world.reader.asked.user_id == 9);
  CHECK_THAT(world.administration.ListAudit({}, "nobody@example.com").status(), HasReason(Reason::kUSER_NOT_FOUND));
}

}  // namespace
}  // namespace papertape::auth
