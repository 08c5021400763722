#include "services/auth/domain/sessions.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/auth/session_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasReason;
using testing::IsOk;

constexpr hours kRefreshLife{24 * 7};

struct World {
  FakeUserStore users;
  FakeIssuer tokens;
  FakeClock clock;
  FakeSessionStore store{users};
  FakeEndNotice notice;
  std::uint64_t next_secret = 0;
  Sessions sessions{{.store = store,
                     .tokens = tokens,
                     .notice = notice,
                     .clock = clock,
                     .random = [this] { return next_secret++; },
                     .digest = [](std::string_view text) { return "digest of " + std::string(text); }},
                    kRefreshLife};

  User NewUser(const std::string& name) {
    StoredUser stored;
    stored.user.email = name + "@example.com";
    stored.user.username = name;
    stored.password_hash = "v1:secret";
    return *users.Insert(stored, {}, {.action = deed::kRegistered});
  }
};

TEST_CASE("the fake session store keeps to the contract") {
  FakeUserStore users;
  FakeSessionStore sessions(users);
  CheckSessionStoreContract(sessions, users);
}

TEST_CASE("a session opens with a token pair and renews into another of the same session") {
  World world;
  const User ann = world.NewUser("ann");
  const auto opened = world.sessions.Open(ann, "password", {});
  REQUIRE_THAT(opened.status(), IsOk());
  CHECK(opened->token.text == "token of ann@example.com in " + opened->id);
  CHECK(opened->refresh_token.size() == 67);
  const auto renewed = world.sessions.Refresh(opened->refresh_token, {});
  REQUIRE_THAT(renewed.status(), IsOk());
  CHECK(renewed->id == opened->id);
  CHECK(renewed->user.id == ann.id);
  CHECK(renewed->refresh_token != opened->refresh_token);
  CHECK(world.notice.ended.empty());
}

TEST_CASE("a refresh token that comes twice ends the session, also for whoever holds the newest") {
  World world;
  const auto opened = world.sessions.Open(world.NewUser("ann"), "password", {});
  const auto renewed = world.sessions.Refresh(opened->refresh_token, {});
  CHECK_THAT(world.sessions.Refresh(opened->refresh_token, {}).status(), HasReason(Reason::kSESSION_ENDED));
  REQUIRE(world.notice.ended.contains(opened->id));
  CHECK(world.notice.ended[opened->id] >= world.clock.Now() + world.tokens.Life());
  CHECK_THAT(world.sessions.Refresh(renewed->refresh_token, {}).status(), HasReason(Reason::kSESSION_ENDED));
}

TEST_CASE("an expired refresh token is told so, an invented one is not valid") {
  World world;
  const auto opened = world.sessions.Open(world.NewUser("ann"), "password", {});
  world.clock.Advance(kRefreshLife);
  CHECK_THAT(world.sessions.Refresh(opened->refresh_token, {}).status(), HasReason(Reason::kTOKEN_EXPIRED));
  for (const std::string& invented : {std::string(), std::string("rt_"), "rt_" + std::string(64, 'f'),
                                      opened->refresh_token + "0", opened->refresh_token.substr(0, 66),
                                      opened->token.text, std::string("rt_' or true; drop table sessions; --")}) {
    CAPTURE(invented);
    CHECK_THAT(world.sessions.Refresh(invented, {}).status(), HasReason(Reason::kINVALID_TOKEN));
  }
  CHECK(world.notice.ended.empty());
}

TEST_CASE("a disabled account neither opens nor renews a session") {
  World world;
  const User ann = world.NewUser("ann");
  const auto opened = world.sessions.Open(ann, "password", {});
  world.users.Disable(ann.id);
  CHECK_THAT(world.sessions.Refresh(opened->refresh_token, {}).status(), HasReason(Reason::kACCOUNT_DISABLED));
  CHECK_THAT(world.sessions.Open((*world.users.FindById(ann.id)).value(), "password", {}).status(),
             HasReason(Reason::kACCOUNT_DISABLED));
}

TEST_CASE("logging out ends the session and that of the refresh token, never another user's") {
  World world;
  const User ann = world.NewUser("ann");
  const auto here = world.sessions.Open(ann, "password", {});
  const auto there = world.sessions.Open(ann, "password", {});
  const auto foreign = world.sessions.Open(world.NewUser("bob"), "password", {});
  REQUIRE_THAT(world.sessions.Close(ann.id, here->id, foreign->refresh_token, {}), IsOk());
  CHECK(world.notice.ended.size() == 1);
  CHECK_THAT(world.sessions.Refresh(foreign->refresh_token, {}).status(), IsOk());
  REQUIRE_THAT(world.sessions.Close(ann.id, here->id, there->refresh_token, {}), IsOk());
  CHECK(world.notice.ended.contains(there->id));
  CHECK_THAT(world.sessions.Refresh(here->refresh_token, {}).status(), HasReason(Reason::kSESSION_ENDED));
  CHECK_THAT(world.sessions.Refresh(there->refresh_token, {}).status(), HasReason(Reason::kSESSION_ENDED));
}

TEST_CASE("at the start the process and the others are told of the sessions that ended lately") {
  World world;
  const User ann = world.NewUser("ann");
  const auto old = world.sessions.Open(ann, "password", {});
  REQUIRE_THAT(world.sessions.Close(ann.id, old->id, "", {}), IsOk());
  world.clock.Advance(hours(1));
  const auto late = world.sessions.Open(ann, "password", {});
  REQUIRE_THAT(world.sessions.CloseAll(ann.id, {}), IsOk());
  world.notice.ended.clear();
  REQUIRE_THAT(world.sessions.TellAgain(), IsOk());
  CHECK(world.notice.ended.size() == 1);
  CHECK(world.notice.ended.contains(late->id));
  CHECK(world.store.told_again == 1);
}

}  // namespace
}  // namespace papertape::auth
