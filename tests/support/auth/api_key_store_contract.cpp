#include "libs/status/status.h"
#include "tests/support/auth/fake_api_key_store.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

constexpr std::size_t kMost = 3;
const Timestamp kNow = FromMicrosSinceEpoch(1'800'000'000'000'000);

StoredApiKey AKey(const std::string& id, std::int64_t owner, int minute) {
  return {.key = {.id = id,
                  .user_id = owner,
                  .name = "name of " + id,
                  .scopes = {"read", "trade"},
                  .created_at = kNow + std::chrono::minutes(minute),
                  .expires_at = std::nullopt,
                  .last_used_at = std::nullopt},
          .secret_digest = std::string(64, 'd')};
}

}  // namespace

Repeatable<ApiKey> KeyedApiKey(const std::string& key, const std::string& fingerprint) {
  return {.key = {.user_id = 0, .text = key, .fingerprint = fingerprint},
          .encode = [](const ApiKey& made) { return made.id; },
          .decode =
              [](std::string_view id) {
                ApiKey made;
                made.id = id;
                return made;
              }};
}

void CheckApiKeyStoreContract(ApiKeyStore& store, std::int64_t owner, std::int64_t other) {
  StoredApiKey first = AKey("pk_1", owner, 1);
  first.key.expires_at = kNow + std::chrono::hours(1);
  const auto made = store.Insert(first, kMost, {}, {});
  REQUIRE_THAT(made.status(), IsOk());
  CHECK(made->name == "name of pk_1");
  CHECK(made->scopes == std::vector<std::string>{"read", "trade"});
  CHECK(made->expires_at == first.key.expires_at);

  // Once for each request that is repeated.
  REQUIRE_THAT(store.Insert(AKey("pk_2", owner, 2), kMost, KeyedApiKey("k", "f"), {}).status(), IsOk());
  CHECK(store.Insert(AKey("pk_twin", owner, 2), kMost, KeyedApiKey("k", "f"), {})->id == "pk_2");

  REQUIRE_THAT(store.Insert(AKey("pk_3", owner, 3), kMost, {}, {}).status(), IsOk());
  CHECK_THAT(store.Insert(AKey("pk_4", owner, 4), kMost, {}, {}).status(), HasReason(Reason::kTOO_MANY_API_KEYS));
  CHECK_THAT(store.Insert(AKey("pk_5", other, 5), kMost, {}, {}).status(), IsOk());
  const auto listed = store.List(owner);
  REQUIRE(listed->size() == 3);
  CHECK(listed->front().id == "pk_3");
  CHECK(listed->back().id == "pk_1");

  const auto found = store.Find("pk_1");
  REQUIRE((found.ok() && found->has_value()));
  CHECK((*found)->owner.id == owner);
  CHECK((*found)->stored.secret_digest == std::string(64, 'd'));
  CHECK_FALSE(store.Find("pk_9")->has_value());
  REQUIRE_THAT(store.NoteUse("pk_1", kNow), IsOk());
  CHECK(store.List(owner)->back().last_used_at == kNow);

  const KeyEnding ending{.now = kNow, .tokens_until = kNow + std::chrono::minutes(10), .from = {}};
  CHECK_THAT(store.Revoke(other, "pk_1", ending), HasReason(Reason::kAPI_KEY_NOT_FOUND));
  REQUIRE_THAT(store.Revoke(owner, "pk_1", ending), IsOk());
  CHECK_THAT(store.Revoke(owner, "pk_1", ending), HasReason(Reason::kAPI_KEY_NOT_FOUND));
  CHECK_FALSE(store.Find("pk_1")->has_value());
  CHECK(store.List(owner)->size() == 2);
  CHECK_THAT(store.Insert(AKey("pk_6", owner, 6), kMost, {}, {}).status(), IsOk());
}

}  // namespace papertape::auth
