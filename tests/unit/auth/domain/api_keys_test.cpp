#include "services/auth/domain/api_keys.h"

#include "libs/clock/fake_clock.h"
#include "libs/status/status.h"
#include "tests/support/auth/fake_api_key_store.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

struct World {
  World() {
    StoredUser ann;
    ann.user.email = "ann@example.com";
    ann.user.username = "ann";
    owner = users.Insert(ann, {}, {.action = deed::kRegistered})->id;
  }
  absl::StatusOr<NewApiKey> Create(ApiKeyWish wish = {.name = "bot", .scopes = {"trade", "read"}}) {
    wish.user_id = owner;
    return keys.Create(wish, {}, {});
  }

  FakeClock clock;
  FakeUserStore users;
  FakeApiKeyStore store{users};
  FakeKeyTokenIssuer tokens;
  FakeEndNotice notice;
  std::uint64_t bits = 0;
  ApiKeys keys{{.store = store,
                .tokens = tokens,
                .notice = notice,
                .clock = clock,
                .random = [this] { return ++bits; },
                .digest = [](std::string_view text) { return "digest of " + std::string(text); }}};
  std::int64_t owner = 0;
};

TEST_CASE("the fake key store keeps to the contract") {
  World world;
  StoredUser bob;
  bob.user.email = "bob@example.com";
  bob.user.username = "bob";
  const std::int64_t other = world.users.Insert(bob, {}, {.action = deed::kRegistered})->id;
  CheckApiKeyStoreContract(world.store, world.owner, other);
}

TEST_CASE("a key's secret is told once and kept as its digest") {
  World world;
  const auto made = world.Create();
  REQUIRE_THAT(made.status(), IsOk());
  CHECK(made->key.id.size() == 3 + 24);
  CHECK(made->key.id.starts_with("pk_"));
  CHECK(made->secret.size() == 3 + 64);
  CHECK(made->secret.starts_with("sk_"));
  CHECK(made->key.scopes == std::vector<std::string>{"read", "trade"});
  CHECK((*world.store.Find(made->key.id))->stored.secret_digest == "digest of " + made->secret);
}

TEST_CASE("a repeated request answers the first key, without a secret") {
  World world;
  const ApiKeyWish wish{.user_id = world.owner, .name = "bot", .scopes = {"read"}};
  const auto first = world.keys.Create(wish, {}, KeyedApiKey("k", "f"));
  const auto again = world.keys.Create(wish, {}, KeyedApiKey("k", "f"));
  REQUIRE_THAT(again.status(), IsOk());
  CHECK(again->key.id == first->key.id);
  CHECK_FALSE(first->secret.empty());
  CHECK(again->secret.empty());
}

TEST_CASE("a wish that cannot be is refused, all its fields at once") {
  World world;
  const auto refused =
      world.Create({.name = "a\nb", .scopes = {"read", "everything"}, .expires_at = world.clock.Now()});
  CHECK_THAT(refused.status(), HasReason(Reason::kINVALID_ARGUMENT));
  CHECK_THAT(refused.status(), NamesField("name"));
  CHECK_THAT(refused.status(), NamesField("scopes"));
  CHECK_THAT(refused.status(), NamesField("expires_at"));
  CHECK_THAT(world.Create({.name = "bot", .scopes = {}}).status(), NamesField("scopes"));
  CHECK_THAT(world.Create({.name = "", .scopes = {"read"}}).status(), NamesField("name"));
}

TEST_CASE("a key and its secret are exchanged for a token, and nothing else is") {
  World world;
  const auto made = world.Create();
  const auto exchanged = world.keys.Exchange(made->key.id, made->secret);
  REQUIRE_THAT(exchanged.status(), IsOk());
  CHECK(exchanged->token.text == "token of ann@example.com by " + made->key.id);
  CHECK(exchanged->token.life == std::chrono::minutes(10));
  CHECK(exchanged->scopes == made->key.scopes);
  CHECK((*world.store.Find(made->key.id))->stored.key.last_used_at == world.clock.Now());

  CHECK_THAT(world.keys.Exchange(made->key.id, "sk_wrong").status(), HasReason(Reason::kINVALID_API_KEY));
  CHECK_THAT(world.keys.Exchange(made->key.id, "").status(), HasReason(Reason::kINVALID_API_KEY));
  CHECK_THAT(world.keys.Exchange("pk_unknown", made->secret).status(), HasReason(Reason::kINVALID_API_KEY));
}

TEST_CASE("a token lives no longer than its key, and an expired key gives none") {
  World world;
  const auto made =
      world.Create({.name = "bot", .scopes = {"read"}, .expires_at = world.clock.Now() + std::chrono::minutes(3)});
  CHECK(world.keys.Exchange(made->key.id, made->secret)->token.life == std::chrono::minutes(3));
  world.clock.Advance(std::chrono::minutes(3));
  CHECK_THAT(world.keys.Exchange(made->key.id, made->secret).status(), HasReason(Reason::kINVALID_API_KEY));
}

TEST_CASE("a revoked key gives no token, and those that it gave end at once") {
  World world;
  const auto made = world.Create();
  CHECK_THAT(world.keys.Revoke(world.owner + 1, made->key.id, {}), HasReason(Reason::kAPI_KEY_NOT_FOUND));
  CHECK(world.notice.ended.empty());
  REQUIRE_THAT(world.keys.Revoke(world.owner, made->key.id, {}), IsOk());
  CHECK_THAT(world.keys.Exchange(made->key.id, made->secret).status(), HasReason(Reason::kINVALID_API_KEY));
  REQUIRE(world.notice.ended.contains("key-" + made->key.id));
  CHECK(world.notice.ended["key-" + made->key.id] > world.clock.Now() + world.tokens.Life());
  CHECK(world.keys.List(world.owner)->empty());
}

TEST_CASE("the key of a disabled account is no good") {
  World world;
  const auto made = world.Create();
  world.users.Disable(world.owner);
  CHECK_THAT(world.keys.Exchange(made->key.id, made->secret).status(), HasReason(Reason::kINVALID_API_KEY));
}

}  // namespace
}  // namespace papertape::auth
