#include "services/auth/domain/accounts.h"

#include "tests/support/auth/fakes.h"
#include "tests/support/auth/user_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

struct World {
  FakeUserStore users;
  FakeHasher passwords;
  FakeIssuer tokens;
  FakeFingerprinter fingerprints;
  std::uint64_t next_bits = 0;
  Accounts accounts{
      {.users = users, .passwords = passwords, .tokens = tokens, .fingerprints = fingerprints, .random = [this] {
         return next_bits++;
       }}};
};

Registration Ann() { return {.email = "Ann@Example.com", .password = "correct horse"}; }

TEST_CASE("the fake store keeps to the contract") {
  FakeUserStore store;
  CheckUserStoreContract(store);
}

TEST_CASE("a registered user signs in by address or name, whatever their case") {
  World world;
  const auto ann = world.accounts.Register(Ann());
  REQUIRE_THAT(ann.status(), IsOk());
  CHECK(ann->email == "ann@example.com");
  CHECK(ann->username == "ann");
  CHECK(ann->role == "user");
  const std::string identifier = GENERATE("ann@example.com", "ANN@example.COM", "ann", "Ann");
  const auto session = world.accounts.Login({.identifier = identifier, .password = "correct horse"});
  REQUIRE_THAT(session.status(), IsOk());
  CHECK(session->user.id == ann->id);
  CHECK(session->token.text == "token of ann@example.com");
  CHECK(session->token.life == std::chrono::minutes(10));
}

TEST_CASE("a taken address is refused before a taken name") {
  World world;
  Registration ann = Ann();
  ann.username = "ann";
  REQUIRE_THAT(world.accounts.Register(ann).status(), IsOk());
  CHECK_THAT(world.accounts.Register(ann).status(), HasReason(Reason::kEMAIL_TAKEN));
  ann.email = "other@example.com";
  CHECK_THAT(world.accounts.Register(ann).status(), HasReason(Reason::kUSERNAME_TAKEN));
}

TEST_CASE("a made username gets digits while it is taken, a chosen one does not") {
  World world;
  REQUIRE_THAT(world.accounts.Register(Ann()).status(), IsOk());
  Registration second = Ann();
  second.email = "ann@example.org";
  CHECK(world.accounts.Register(second)->username == "ann0000");
  Registration third = Ann();
  third.email = "ann@example.net";
  world.next_bits = 0;
  CHECK(world.accounts.Register(third)->username == "ann0001");
}

TEST_CASE("making a username gives up in the end") {
  World world;
  world.next_bits = 0;
  Accounts accounts({.users = world.users,
                     .passwords = world.passwords,
                     .tokens = world.tokens,
                     .fingerprints = world.fingerprints,
                     .random = [] { return std::uint64_t{7}; }});
  for (const char* domain : {"a.com", "b.com"}) {
    Registration registration = Ann();
    registration.email = std::string("ann@") + domain;
    REQUIRE_THAT(accounts.Register(registration).status(), IsOk());
  }
  CHECK_THAT(accounts.Register(Ann()).status(), HasReason(Reason::kUSERNAME_TAKEN));
}

TEST_CASE("the same key and registration answer the first user, another registration is refused") {
  World world;
  Registration ann = Ann();
  ann.idempotency_key = "key-1";
  const auto first = world.accounts.Register(ann);
  const auto again = world.accounts.Register(ann);
  REQUIRE_THAT(again.status(), IsOk());
  CHECK(again->id == first->id);
  Registration other = ann;
  other.password = "another horse";
  CHECK_THAT(world.accounts.Register(other).status(), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  Registration keyless = Ann();
  CHECK_THAT(world.accounts.Register(keyless).status(), HasReason(Reason::kEMAIL_TAKEN));
}

// A store whose first look at a key comes just before the twin's commit.
class RacingStore final : public UserStore {
 public:
  explicit RacingStore(FakeUserStore& inner) : inner_(inner) {}
  absl::StatusOr<User> Insert(const StoredUser& user, const RepeatKey& key) override {
    inner_.Insert(user, key).status().IgnoreError();  // the twin
    return inner_.Insert(user, key);
  }
  absl::StatusOr<std::optional<User>> FindByKey(const RepeatKey& key) override { return inner_.FindByKey(key); }
  absl::StatusOr<std::optional<StoredUser>> FindByEmail(std::string_view email) override {
    return inner_.FindByEmail(email);
  }
  absl::StatusOr<std::optional<StoredUser>> FindByUsername(std::string_view username) override {
    return inner_.FindByUsername(username);
  }
  absl::StatusOr<std::optional<User>> FindById(std::int64_t user_id) override { return inner_.FindById(user_id); }
  absl::Status ReplaceHash(std::int64_t id, std::string_view stored, std::string_view renewed) override {
    return inner_.ReplaceHash(id, stored, renewed);
  }

 private:
  FakeUserStore& inner_;
};

TEST_CASE("two calls with one key at once answer one user") {
  World world;
  RacingStore racing(world.users);
  Accounts accounts({.users = racing,
                     .passwords = world.passwords,
                     .tokens = world.tokens,
                     .fingerprints = world.fingerprints,
                     .random = [] { return std::uint64_t{1}; }});
  Registration ann = Ann();
  ann.idempotency_key = "key-1";
  const auto user = accounts.Register(ann);
  REQUIRE_THAT(user.status(), IsOk());
  CHECK(user->id == 1);
  CHECK_FALSE(world.users.FindById(2)->has_value());
}

TEST_CASE("a wrong password and an unknown user cost one password check and are told the same") {
  World world;
  REQUIRE_THAT(world.accounts.Register(Ann()).status(), IsOk());
  const auto wrong = world.accounts.Login({.identifier = "ann", .password = "wrong horse"});
  CHECK_THAT(wrong.status(), HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK(world.passwords.checks == 1);
  const auto unknown = world.accounts.Login({.identifier = "bob", .password = "correct horse"});
  CHECK_THAT(unknown.status(), HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK(MessageOf(unknown.status()) == MessageOf(wrong.status()));
  CHECK(world.passwords.checks == 2);
  CHECK(world.passwords.last_checked == "decoy");
}

TEST_CASE("a password that bcrypt would cut off never matches") {
  World world;
  Registration ann = Ann();
  ann.password = std::string(72, 'x');
  REQUIRE_THAT(world.accounts.Register(ann).status(), IsOk());
  for (const std::string& password : {std::string(73, 'x'), std::string(72, 'x') + '\0'}) {
    CHECK_THAT(world.accounts.Login({.identifier = "ann", .password = password}).status(),
               HasReason(Reason::kINVALID_CREDENTIALS));
    CHECK(world.passwords.last_checked == "decoy");
  }
}

TEST_CASE("a disabled account is told so only with the right password, and its tokens are not confirmed") {
  World world;
  const std::int64_t ann = world.accounts.Register(Ann())->id;
  CHECK(world.accounts.Confirm(ann)->id == ann);
  world.users.Disable(ann);
  CHECK_THAT(world.accounts.Login({.identifier = "ann", .password = "wrong horse"}).status(),
             HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK_THAT(world.accounts.Login({.identifier = "ann", .password = "correct horse"}).status(),
             HasReason(Reason::kACCOUNT_DISABLED));
  CHECK_THAT(world.accounts.Confirm(ann).status(), HasReason(Reason::kINVALID_TOKEN));
}

TEST_CASE("signing in renews a hash of another cost") {
  World world;
  REQUIRE_THAT(world.accounts.Register(Ann()).status(), IsOk());
  world.passwords.version = "v2:";
  const SignIn sign_in{.identifier = "ann", .password = "correct horse"};
  REQUIRE_THAT(world.accounts.Login(sign_in).status(), IsOk());
  CHECK((*world.users.FindByUsername("ann"))->password_hash == "v2:correct horse");
  REQUIRE_THAT(world.accounts.Login(sign_in).status(), IsOk());
}

TEST_CASE("a token of a user who is gone is not confirmed") {
  World world;
  CHECK_THAT(world.accounts.Find(42).status(), HasReason(Reason::kUSER_NOT_FOUND));
  CHECK_THAT(world.accounts.Confirm(42).status(), HasReason(Reason::kINVALID_TOKEN));
}

}  // namespace
}  // namespace papertape::auth
