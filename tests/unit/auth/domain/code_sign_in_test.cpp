#include "services/auth/domain/code_sign_in.h"

#include <algorithm>

#include "libs/clock/fake_clock.h"
#include "tests/support/auth/code_fakes.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using std::chrono::minutes;
using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

constexpr char kAnn[] = "ann@example.com";
const Origin kFromHome{.client_address = "192.0.2.7", .request_id = "request 1"};

struct World {
  explicit World(CodeRules kept = {}) : rules(kept) {}
  const CodeRules rules;
  FakeClock clock;
  FakeUserStore users;
  FakeHasher passwords;
  FakeIssuer tokens;
  FakeAuditLog audit;
  FakeSessionStore session_store{users};
  FakeEndNotice notice;
  FakeCodeStore code_store;
  FakeFailureStore failures;
  FakeMailer mail;
  FakeSecretHash hash;
  std::uint64_t next_bits = 123'456;
  RandomBits random = [this] { return next_bits++; };
  Sessions sessions{{.store = session_store,
                     .tokens = tokens,
                     .notice = notice,
                     .clock = clock,
                     .random = random,
                     .digest = [](std::string_view text) { return "digest of " + std::string(text); }},
                    std::chrono::hours(24 * 7)};
  Lockout lockout{{.failures = failures, .hash = hash, .audit = audit, .clock = clock}, {}};
  OneTimeCodes codes{
      {.codes = code_store, .users = users, .mail = mail, .hash = hash, .random = random, .clock = clock}, rules};
  Accounts accounts{{.users = users,
                     .passwords = passwords,
                     .sessions = sessions,
                     .lockout = lockout,
                     .audit = audit,
                     .random = random}};
  CodeSignIn code_sign_in{{.accounts = accounts,
                           .users = users,
                           .codes = codes,
                           .lockout = lockout,
                           .passwords = passwords,
                           .sessions = sessions,
                           .audit = audit,
                           .mail = mail,
                           .random = random,
                           .clock = clock}};

  std::int64_t Register() {
    const auto user = accounts.Register({.email = kAnn, .password = "correct horse"}, kFromHome, {});
    REQUIRE_THAT(user.status(), IsOk());
    return user->id;
  }
  std::string CodeFor(const std::string& email) {
    REQUIRE_THAT(codes.Send(email).status(), IsOk());
    return mail.CodeFor(email);
  }
  absl::StatusOr<Session> Login(const std::string& identifier, const std::string& code) {
    return code_sign_in.Login({.identifier = identifier, .code = code}, kFromHome);
  }
  absl::Status Reset(const std::string& code, const std::string& password) {
    return code_sign_in.ResetPassword({.email = kAnn, .code = code, .new_password = password}, kFromHome);
  }
  bool HasRecorded(std::string_view action) const {
    const auto is_action = [action](const AuditEntry& entry) { return entry.action == action; };
    return std::any_of(users.entries.begin(), users.entries.end(), is_action) ||
           std::any_of(audit.entries.begin(), audit.entries.end(), is_action) ||
           std::any_of(session_store.entries.begin(), session_store.entries.end(), is_action);
  }
};

TEST_CASE("the right code for an address that nobody has makes a confirmed user without a password") {
  World world;
  const auto session = world.Login(kAnn, world.CodeFor(kAnn));
  REQUIRE_THAT(session.status(), IsOk());
  CHECK(session->user.email == kAnn);
  CHECK(session->user.username == "ann");
  CHECK(session->user.is_verified);
  CHECK(world.HasRecorded(deed::kRegistered));
  for (const char* password : {"", "decoy", "v1:"}) {
    CHECK_THAT(world.accounts.Login({.identifier = kAnn, .password = password}, kFromHome).status(),
               HasReason(Reason::kINVALID_CREDENTIALS));
  }
  world.clock.Advance(minutes(1));
  const auto again = world.Login("Ann", world.CodeFor(kAnn));  // by name, too
  REQUIRE_THAT(again.status(), IsOk());
  CHECK(again->user.id == session->user.id);
}

TEST_CASE("where nobody signs up by mail, no code makes a user") {
  World world({.sign_up = false});
  REQUIRE_THAT(world.codes.Send(kAnn).status(), IsOk());
  const std::string right = SixDigits([] { return std::uint64_t{123'456}; });  // what the mail does not say
  CHECK_THAT(world.Login(kAnn, right).status(), HasReason(Reason::kINVALID_OTP));
  CHECK_FALSE(world.users.FindByEmail(kAnn)->has_value());
}

TEST_CASE("signing in with a code confirms the address, once") {
  World world;
  world.Register();
  CHECK_FALSE((*world.users.FindByEmail(kAnn))->user.is_verified);
  REQUIRE_THAT(world.Login(kAnn, world.CodeFor(kAnn)).status(), IsOk());
  CHECK((*world.users.FindByEmail(kAnn))->user.is_verified);
  CHECK(world.HasRecorded(deed::kEmailVerified));
}

TEST_CASE("a wrong code is recorded and told the same whether or not the user exists") {
  World world;
  world.Register();
  const absl::Status known = world.Login(kAnn, "000000").status();
  const absl::Status unknown = world.Login("bob@example.com", "000000").status();
  const absl::Status no_address = world.Login("bob", "000000").status();
  CHECK_THAT(known, HasReason(Reason::kINVALID_OTP));
  CHECK(known == unknown);
  CHECK(known == no_address);
  CHECK(world.HasRecorded(deed::kSignInRefused));
}

TEST_CASE("a disabled account is told so only with the right code") {
  World world;
  world.users.Disable(world.Register());
  const std::string code = world.CodeFor(kAnn);
  CHECK_THAT(world.Login(kAnn, "000000").status(), HasReason(Reason::kINVALID_OTP));
  CHECK_THAT(world.Login(kAnn, code).status(), HasReason(Reason::kACCOUNT_DISABLED));
}

TEST_CASE("wrong codes and wrong passwords lock the account together, by address and by name") {
  World world;
  world.Register();
  for (int i = 0; i < 3; ++i) CHECK_THAT(world.Login(kAnn, "000000").status(), HasReason(Reason::kINVALID_OTP));
  for (int i = 0; i < 2; ++i) {
    CHECK_THAT(world.accounts.Login({.identifier = "ANN", .password = "wrong horse"}, kFromHome).status(),
               HasReason(Reason::kINVALID_CREDENTIALS));
  }
  const int checks = world.passwords.checks;
  CHECK_THAT(world.accounts.Login({.identifier = kAnn, .password = "correct horse"}, kFromHome).status(),
             HasReason(Reason::kTOO_MANY_ATTEMPTS));
  CHECK(world.passwords.checks == checks);
  CHECK_THAT(world.Login("ann", "000000").status(), HasReason(Reason::kTOO_MANY_ATTEMPTS));
  CHECK(world.HasRecorded(deed::kLockedOut));
  world.clock.Advance(std::chrono::seconds(1));
  CHECK_THAT(world.accounts.Login({.identifier = kAnn, .password = "correct horse"}, kFromHome).status(), IsOk());
}

TEST_CASE("whoever guesses the current password of an open session is locked out as well") {
  World world;
  const std::int64_t ann = world.Register();
  const PasswordRenewal renewal{.user_id = ann, .current_password = "wrong horse", .new_password = "another horse"};
  for (int i = 0; i < 5; ++i) {
    CHECK_THAT(world.accounts.ChangePassword(renewal, kFromHome), NamesField("current_password"));
  }
  CHECK_THAT(world.accounts.ChangePassword(renewal, kFromHome), HasReason(Reason::kTOO_MANY_ATTEMPTS));
}

TEST_CASE("a password is set by a code: sessions end, the old one is void, a mail tells of it") {
  World world;
  world.Register();
  const auto session = world.accounts.Login({.identifier = kAnn, .password = "correct horse"}, kFromHome);
  REQUIRE_THAT(session.status(), IsOk());
  REQUIRE_THAT(world.Reset(world.CodeFor(kAnn), "another horse"), IsOk());
  CHECK(world.notice.ended.contains(session->id));
  CHECK_THAT(world.accounts.Login({.identifier = kAnn, .password = "correct horse"}, kFromHome).status(),
             HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK_THAT(world.accounts.Login({.identifier = kAnn, .password = "another horse"}, kFromHome).status(), IsOk());
  CHECK(world.mail.Letters().back().subject == "Your Papertape password was changed");
  CHECK((*world.users.FindByEmail(kAnn))->user.is_verified);
  CHECK(world.HasRecorded(deed::kPasswordReset));
}

TEST_CASE("a password that may not be one is refused before the code is spent") {
  World world;
  world.Register();
  const std::string code = world.CodeFor(kAnn);
  CHECK_THAT(world.Reset(code, "short"), NamesField("new_password"));
  CHECK_THAT(world.Reset("000000", "another horse"), HasReason(Reason::kINVALID_OTP));
  CHECK_THAT(world.Reset(code, "another horse"), IsOk());
  CHECK_THAT(world.Reset(code, "a third horse"), HasReason(Reason::kINVALID_OTP));
}

TEST_CASE("nobody learns by a reset whether there is a user, but who reads the mail") {
  World world;
  CHECK_THAT(world.Reset("000000", "another horse"), HasReason(Reason::kINVALID_OTP));
  CHECK_THAT(world.Reset(world.CodeFor(kAnn), "another horse"), HasReason(Reason::kUSER_NOT_FOUND));
}

TEST_CASE("a user without a password gets one by a reset") {
  World world;
  REQUIRE_THAT(world.Login(kAnn, world.CodeFor(kAnn)).status(), IsOk());
  world.clock.Advance(minutes(1));
  REQUIRE_THAT(world.Reset(world.CodeFor(kAnn), "another horse"), IsOk());
  CHECK_THAT(world.accounts.Login({.identifier = kAnn, .password = "another horse"}, kFromHome).status(), IsOk());
}

TEST_CASE("a notice that cannot be sent does not undo the reset") {
  World world;
  world.Register();
  const std::string code = world.CodeFor(kAnn);
  world.mail.Break(Error(Reason::kUNAVAILABLE));
  CHECK_THAT(world.Reset(code, "another horse"), IsOk());
}

}  // namespace
}  // namespace papertape::auth
