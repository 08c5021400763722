#include <atomic>
#include <set>
#include <thread>

#include "libs/auth/keyed_hash.h"
#include "libs/clock/fake_clock.h"
#include "migrations/auth_store.h"
#include "services/auth/clients/bcrypt_hasher.h"
#include "services/auth/clients/hmac_secret_hash.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/store/pg_code_store.h"
#include "services/auth/store/pg_failure_store.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/auth/code_contracts.h"
#include "tests/support/auth/code_fakes.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

constexpr char kAnn[] = "ann@example.com";

// A keyed hash that counts the codes that are compared.
class CountingHash final : public SecretHash {
 public:
  std::string Of(std::string_view purpose, std::string_view text) override { return hash_.Of(purpose, text); }
  bool Same(std::string_view one, std::string_view other) override {
    ++comparisons;
    return hash_.Same(one, other);
  }
  std::atomic<int> comparisons = 0;

 private:
  HmacSecretHash hash_{testing::RpcServer::kSecretKey};
};

struct World {
  const testing::TestDatabase database;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("auth", auth_store::Migrations());
  FakeClock clock;
  PgCodeStore code_store{*pool};
  PgFailureStore failure_store{*pool};
  const AuditTrail trail{testing::RpcServer::kSecretKey, clock};
  PgUserStore users{*pool, trail};
  FakeMailer mail;
  CountingHash hash;
  OneTimeCodes codes{
      {.codes = code_store, .users = users, .mail = mail, .hash = hash, .random = SystemRandom(), .clock = clock},
      CodeRules()};
  FakeAuditLog audit;

  Lockout::Ports LockoutPorts() { return {.failures = failure_store, .hash = hash, .audit = audit, .clock = clock}; }
};

// Runs `work(i)` for i below `count` on eight threads.
void InParallel(int count, const std::function<void(int)>& work) {
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int item = next++; item < count; item = next++) work(item);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("the PostgreSQL stores of codes and failures keep to their contracts") {
  World world;
  CheckCodeStoreContract(world.code_store);
  CheckFailureStoreContract(world.failure_store);
}

TEST_CASE("of a thousand wrong codes at once no more than five are checked") {
  World world;
  REQUIRE_THAT(world.codes.Send(kAnn).status(), IsOk());
  const std::string right = world.mail.CodeFor(kAnn);
  std::atomic<int> refused = 0;
  InParallel(1'000, [&](int i) {
    const std::string wrong = std::to_string(100'000 + i);
    if (wrong == right || ReasonOf(world.codes.Redeem(kAnn, wrong)) == Reason::kINVALID_OTP) ++refused;
  });
  CHECK(refused == 1'000);
  CHECK(world.hash.comparisons == 5);
  CHECK_THAT(world.codes.Redeem(kAnn, right), HasReason(Reason::kINVALID_OTP));
}

TEST_CASE("of many who present the right code at once exactly one comes in") {
  World world;
  REQUIRE_THAT(world.codes.Send(kAnn).status(), IsOk());
  const std::string code = world.mail.CodeFor(kAnn);
  std::atomic<int> redeemed = 0;
  InParallel(64, [&](int) { redeemed += world.codes.Redeem(kAnn, code).ok() ? 1 : 0; });
  CHECK(redeemed == 1);
}

TEST_CASE("of many who ask for a code at once exactly one gets a mail") {
  World world;
  std::atomic<int> throttled = 0;
  InParallel(64,
             [&](int) { throttled += ReasonOf(world.codes.Send(kAnn).status()) == Reason::kOTP_THROTTLED ? 1 : 0; });
  CHECK(throttled == 63);
  CHECK(world.mail.Letters().size() == 1);
}

TEST_CASE("neither addresses nor codes can be read in the database") {
  World world;
  REQUIRE_THAT(world.codes.Send(kAnn).status(), IsOk());
  const std::string row = world.database.Execute("select one_time_codes::text from auth.one_time_codes");
  CHECK(row.find("ann") == std::string::npos);
  CHECK(row.find(world.mail.CodeFor(kAnn)) == std::string::npos);
}

TEST_CASE("a storm of attempts on one account has five let through, one on many accounts twenty") {
  World world;
  Lockout lockout(world.LockoutPorts(), {});
  std::atomic<int> admitted = 0;
  InParallel(200, [&](int) { admitted += lockout.Admit(kAnn, "192.0.2.1").ok() ? 1 : 0; });
  CHECK(admitted == 5);
  admitted = 0;
  InParallel(200, [&](int i) { admitted += lockout.Admit("user" + std::to_string(i), "192.0.2.2").ok() ? 1 : 0; });
  CHECK(admitted == 20);
}

// bcrypt that counts its checks.
class CountingHasher final : public PasswordHasher {
 public:
  absl::StatusOr<std::string> Hash(std::string_view password) override { return bcrypt_->Hash(password); }
  bool Matches(std::string_view password, std::string_view hash) override {
    ++checks;
    return bcrypt_->Matches(password, hash);
  }
  bool IsOutdated(std::string_view hash) override { return bcrypt_->IsOutdated(hash); }
  std::string_view Decoy() override { return bcrypt_->Decoy(); }
  std::atomic<int> checks = 0;

 private:
  const std::unique_ptr<BcryptHasher> bcrypt_ = *BcryptHasher::Make(4, SystemRandom());
};

TEST_CASE("of a storm of wrong passwords five reach bcrypt, whether or not there is the user") {
  World world;
  CountingHasher passwords;
  Lockout lockout(world.LockoutPorts(), {});
  FakeUserStore no_users;
  FakeSessionStore session_store(no_users);
  FakeIssuer tokens;
  FakeEndNotice notice;
  Sessions sessions({.store = session_store,
                     .tokens = tokens,
                     .notice = notice,
                     .clock = world.clock,
                     .random = SystemRandom(),
                     .digest = Digest},
                    std::chrono::hours(1));
  Accounts accounts({.users = world.users,
                     .passwords = passwords,
                     .sessions = sessions,
                     .lockout = lockout,
                     .audit = world.audit,
                     .random = SystemRandom()});
  REQUIRE_THAT(accounts.Register({.email = kAnn, .password = "correct horse"}, {}, {}).status(), IsOk());
  for (const std::string email : {kAnn, "bob@example.com"}) {
    passwords.checks = 0;
    std::atomic<int> locked = 0;
    InParallel(200, [&](int i) {
      const SignIn wrong{.identifier = email, .password = "wrong horse " + std::to_string(i)};
      const Origin from{.client_address = "192.0.2." + std::to_string(i)};
      locked += ReasonOf(accounts.Login(wrong, from).status()) == Reason::kTOO_MANY_ATTEMPTS ? 1 : 0;
    });
    CHECK(passwords.checks == 5);
    CHECK(locked == 195);
  }
}

TEST_CASE("attempts of many users from one address do not wait for each other in a circle") {
  World world;
  Lockout lockout(world.LockoutPorts(), {});
  std::atomic<int> succeeded = 0;
  InParallel(200, [&](int i) {
    const auto attempt = lockout.Admit("user" + std::to_string(i), "192.0.2.1");
    succeeded += attempt.ok() && lockout.Succeeded(*attempt).ok() ? 1 : 0;
  });
  CHECK(succeeded == 200);
}

}  // namespace
}  // namespace papertape::auth
