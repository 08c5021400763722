#include "services/auth/domain/accounts.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/auth/code_fakes.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/auth/repeatable_user.h"
#include "tests/support/auth/user_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

const Origin kFromHome{.client_address = "192.0.2.7", .request_id = "request 1"};

struct World {
  FakeUserStore users;
  FakeHasher passwords;
  FakeIssuer tokens;
  FakeAuditLog audit;
  FakeClock clock;
  FakeSessionStore session_store{users};
  FakeEndNotice notice;
  std::uint64_t next_secret = 0;
  Sessions sessions{{.store = session_store,
                     .tokens = tokens,
                     .notice = notice,
                     .clock = clock,
                     .random = [this] { return next_secret++; },
                     .digest = [](std::string_view text) { return "digest of " + std::string(text); }},
                    std::chrono::hours(24 * 7)};
  std::uint64_t next_bits = 0;
  FakeFailureStore failures;
  FakeSecretHash hash;
  Lockout lockout{{.failures = failures, .hash = hash, .audit = audit, .clock = clock}, {}};
  Accounts accounts{{.users = users,
                     .passwords = passwords,
                     .sessions = sessions,
                     .lockout = lockout,
                     .audit = audit,
                     .random = [this] { return next_bits++; }}};

  absl::StatusOr<User> Register(const Registration& registration, const Repeatable<User>& repeatable = {}) {
    return accounts.Register(registration, kFromHome, repeatable);
  }
  absl::StatusOr<Session> Login(const SignIn& sign_in) { return accounts.Login(sign_in, kFromHome); }
};

Registration Ann() { return {.email = "Ann@Example.com", .password = "correct horse"}; }

TEST_CASE("the fake store keeps to the contract") {
  FakeUserStore store;
  CheckUserStoreContract(store);
}

TEST_CASE("a registered user signs in by address or name, whatever their case") {
  World world;
  const auto ann = world.Register(Ann());
  REQUIRE_THAT(ann.status(), IsOk());
  CHECK(ann->email == "ann@example.com");
  CHECK(ann->username == "ann");
  CHECK(ann->role == "user");
  const std::string identifier = GENERATE("ann@example.com", "ANN@example.COM", "ann", "Ann");
  const auto session = world.Login({.identifier = identifier, .password = "correct horse"});
  REQUIRE_THAT(session.status(), IsOk());
  CHECK(session->user.id == ann->id);
  CHECK(session->token.text == "token of ann@example.com in " + session->id);
  CHECK(session->refresh_token.starts_with("rt_"));
  CHECK(session->token.life == std::chrono::minutes(10));
}

TEST_CASE("a taken address is refused before a taken name") {
  World world;
  Registration ann = Ann();
  ann.username = "ann";
  REQUIRE_THAT(world.Register(ann).status(), IsOk());
  CHECK_THAT(world.Register(ann).status(), HasReason(Reason::kEMAIL_TAKEN));
  ann.email = "other@example.com";
  CHECK_THAT(world.Register(ann).status(), HasReason(Reason::kUSERNAME_TAKEN));
}

TEST_CASE("a made username gets digits while it is taken, a chosen one does not") {
  World world;
  REQUIRE_THAT(world.Register(Ann()).status(), IsOk());
  Registration second = Ann();
  second.email = "ann@example.org";
  CHECK(world.Register(second)->username == "ann0000");
  Registration third = Ann();
  third.email = "ann@example.net";
  world.next_bits = 0;
  CHECK(world.Register(third)->username == "ann0001");
}

TEST_CASE("making a username gives up in the end") {
  World world;
  world.next_bits = 0;
  Accounts accounts({.users = world.users,
                     .passwords = world.passwords,
                     .sessions = world.sessions,
                     .lockout = world.lockout,
                     .audit = world.audit,
                     .random = [] { return std::uint64_t{7}; }});
  for (const char* domain : {"a.com", "b.com"}) {
    Registration registration = Ann();
    registration.email = std::string("ann@") + domain;
    REQUIRE_THAT(accounts.Register(registration, kFromHome, {}).status(), IsOk());
  }
  CHECK_THAT(accounts.Register(Ann(), kFromHome, {}).status(), HasReason(Reason::kUSERNAME_TAKEN));
}

TEST_CASE("a repetition answers the first user, the same key for another request is refused") {
  World world;
  const auto first = world.Register(Ann(), Keyed("key-1", "ann"));
  const auto again = world.Register(Ann(), Keyed("key-1", "ann"));
  REQUIRE_THAT(again.status(), IsOk());
  CHECK(again->id == first->id);
  CHECK(again->username == first->username);
  Registration other = Ann();
  other.password = "another horse";
  CHECK_THAT(world.Register(other, Keyed("key-1", "other")).status(), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  CHECK_THAT(world.Register(Ann()).status(), HasReason(Reason::kEMAIL_TAKEN));
}

TEST_CASE("registering and every sign-in is recorded, with its outcome and where it came from") {
  World world;
  const std::int64_t ann = world.Register(Ann())->id;
  REQUIRE(world.users.entries.size() == 1);
  CHECK(world.users.entries[0].action == deed::kRegistered);
  CHECK(world.users.entries[0].subject_id == ann);
  CHECK(world.users.entries[0].by.client_address == "192.0.2.7");

  REQUIRE_THAT(world.Login({.identifier = "ann", .password = "correct horse"}).status(), IsOk());
  CHECK_FALSE(world.Login({.identifier = "ann", .password = "wrong horse"}).ok());
  CHECK_FALSE(world.Login({.identifier = "my password", .password = "wrong horse"}).ok());
  REQUIRE(world.session_store.entries.size() == 1);
  CHECK(world.session_store.entries[0].action == deed::kSignedIn);
  CHECK(world.session_store.entries[0].subject_id == ann);
  CHECK(world.session_store.entries[0].by.request_id == "request 1");
  REQUIRE(world.audit.entries.size() == 2);
  CHECK(world.audit.entries[0].action == deed::kSignInRefused);
  CHECK(world.audit.entries[0].subject_id == ann);
  CHECK(world.audit.entries[1].subject_id == 0);
  for (const AuditEntry& entry : world.audit.entries) {
    for (const auto& [name, value] : entry.detail) CHECK(value.find("my password") == std::string::npos);
  }
}

TEST_CASE("a wrong password and an unknown user cost one password check and are told the same") {
  World world;
  REQUIRE_THAT(world.Register(Ann()).status(), IsOk());
  const auto wrong = world.Login({.identifier = "ann", .password = "wrong horse"});
  CHECK_THAT(wrong.status(), HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK(world.passwords.checks == 1);
  const auto unknown = world.Login({.identifier = "bob", .password = "correct horse"});
  CHECK_THAT(unknown.status(), HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK(MessageOf(unknown.status()) == MessageOf(wrong.status()));
  CHECK(world.passwords.checks == 2);
  CHECK(world.passwords.last_checked == "decoy");
}

TEST_CASE("a password that bcrypt would cut off never matches") {
  World world;
  Registration ann = Ann();
  ann.password = std::string(72, 'x');
  REQUIRE_THAT(world.Register(ann).status(), IsOk());
  for (const std::string& password : {std::string(73, 'x'), std::string(72, 'x') + '\0'}) {
    CHECK_THAT(world.Login({.identifier = "ann", .password = password}).status(),
               HasReason(Reason::kINVALID_CREDENTIALS));
    CHECK(world.passwords.last_checked == "decoy");
  }
}

TEST_CASE("a disabled account is told so only with the right password, and its tokens are not confirmed") {
  World world;
  const std::int64_t ann = world.Register(Ann())->id;
  CHECK(world.accounts.Confirm(ann)->id == ann);
  world.users.Disable(ann);
  CHECK_THAT(world.Login({.identifier = "ann", .password = "wrong horse"}).status(),
             HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK_THAT(world.Login({.identifier = "ann", .password = "correct horse"}).status(),
             HasReason(Reason::kACCOUNT_DISABLED));
  CHECK_THAT(world.accounts.Confirm(ann).status(), HasReason(Reason::kINVALID_TOKEN));
}

TEST_CASE("signing in renews a hash of another cost") {
  World world;
  REQUIRE_THAT(world.Register(Ann()).status(), IsOk());
  world.passwords.version = "v2:";
  const SignIn sign_in{.identifier = "ann", .password = "correct horse"};
  REQUIRE_THAT(world.Login(sign_in).status(), IsOk());
  CHECK((*world.users.FindByUsername("ann"))->password_hash == "v2:correct horse");
  REQUIRE_THAT(world.Login(sign_in).status(), IsOk());
}

TEST_CASE("a token of a user who is gone is not confirmed") {
  World world;
  CHECK_THAT(world.accounts.Find(42).status(), HasReason(Reason::kUSER_NOT_FOUND));
  CHECK_THAT(world.accounts.Confirm(42).status(), HasReason(Reason::kINVALID_TOKEN));
}

TEST_CASE("a new password works, the old one no more, and the other sessions end") {
  World world;
  const std::int64_t ann = world.Register(Ann())->id;
  const SignIn sign_in{.identifier = "ann", .password = "correct horse"};
  const auto here = world.Login(sign_in);
  const auto there = world.Login(sign_in);
  PasswordRenewal renewal{
      .user_id = ann, .session_id = here->id, .current_password = "wrong horse", .new_password = "short"};
  const absl::Status refused = world.accounts.ChangePassword(renewal, kFromHome);
  CHECK_THAT(refused, testing::NamesField("current_password"));
  CHECK_THAT(refused, testing::NamesField("new_password"));
  CHECK(world.notice.ended.empty());

  renewal.current_password = "correct horse";
  renewal.new_password = "battery staple";
  REQUIRE_THAT(world.accounts.ChangePassword(renewal, kFromHome), IsOk());
  CHECK(world.notice.ended.size() == 1);
  CHECK(world.notice.ended.contains(there->id));
  CHECK_THAT(world.Login(sign_in).status(), HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK_THAT(world.Login({.identifier = "ann", .password = "battery staple"}).status(), IsOk());
}

TEST_CASE("an account without a password is told how to get one, and no password signs it in") {
  World world;
  StoredUser stored;
  stored.user.email = "otp@example.com";
  stored.user.username = "otp";
  const std::int64_t otp = world.users.Insert(stored, {}, {.action = deed::kRegistered})->id;
  CHECK_THAT(world.accounts.ChangePassword({.user_id = otp, .current_password = "", .new_password = "battery staple"},
                                           kFromHome),
             HasReason(Reason::kPASSWORD_NOT_SET));
  CHECK_THAT(world.Login({.identifier = "otp", .password = "x"}).status(), HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK(world.passwords.last_checked == "decoy");  // as slow as for any other
}

TEST_CASE("a profile changes where it is told to and nowhere else") {
  World world;
  Registration registration = Ann();
  registration.phone = "123";
  const std::int64_t ann = world.Register(registration)->id;
  const auto changed = world.accounts.UpdateProfile(ann, {.name = " Ann Lee ", .username = "annlee"});
  REQUIRE_THAT(changed.status(), IsOk());
  CHECK(changed->name == "Ann Lee");
  CHECK(changed->phone == "123");
  CHECK(world.accounts.Find(ann)->username == "annlee");
  CHECK_FALSE(world.accounts.UpdateProfile(ann, {.phone = ""})->phone.has_value());
  const absl::Status refused = world.accounts.UpdateProfile(ann, {.name = "two\nlines", .username = "a b"}).status();
  CHECK_THAT(refused, testing::NamesField("name"));
  CHECK_THAT(refused, testing::NamesField("username"));
  CHECK_THAT(world.accounts.UpdateProfile(42, {.name = "x"}).status(), HasReason(Reason::kUSER_NOT_FOUND));
}

TEST_CASE("where common passwords are refused, neither registering nor a change takes one") {
  World world;
  Accounts strict({.users = world.users,
                   .passwords = world.passwords,
                   .sessions = world.sessions,
                   .lockout = world.lockout,
                   .audit = world.audit,
                   .random = [] { return std::uint64_t{1}; },
                   .rules = PasswordRules([](std::string_view text) { return text == "password123"; })});
  Registration ann = Ann();
  ann.password = "password123";
  CHECK_THAT(strict.Register(ann, kFromHome, {}).status(), testing::NamesField("password"));
  const std::int64_t id = strict.Register(Ann(), kFromHome, {})->id;
  CHECK_THAT(strict.ChangePassword({.user_id = id, .current_password = "correct horse", .new_password = "password123"},
                                   kFromHome),
             testing::NamesField("new_password"));
}

}  // namespace
}  // namespace papertape::auth
