#include "services/auth/rpc/api_key_service.h"

#include "tests/integration/auth/keyed_auth.h"

namespace papertape::auth {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::KeyedAuth;

v1::CreateApiKeyRequest ABot() {
  v1::CreateApiKeyRequest request;
  request.set_name("bot");
  request.add_scopes("read");
  return request;
}

TEST_CASE("a key is made, listed, exchanged for a token with its scopes, and revoked") {
  KeyedAuth auth;
  const std::string session = auth.SignIn();
  v1::CreateApiKeyReply made;
  REQUIRE_THAT(auth.Create(session, ABot(), made), IsOk());
  v1::ListApiKeysReply listed;
  REQUIRE_THAT(auth.List(session, listed), IsOk());
  REQUIRE(listed.api_keys_size() == 1);
  CHECK(listed.api_keys(0).id() == made.id());
  CHECK_FALSE(listed.api_keys(0).has_last_used_at());
  CHECK_FALSE(listed.api_keys(0).has_expires_at());

  v1::ExchangeApiKeyReply exchanged;
  REQUIRE_THAT(auth.Exchange(made.id(), made.secret(), exchanged), IsOk());
  CHECK(exchanged.expires_in() == 600);
  CHECK(exchanged.token_type() == "bearer");
  REQUIRE(exchanged.scopes_size() == 1);
  REQUIRE_THAT(auth.List(session, listed), IsOk());
  CHECK(listed.api_keys(0).has_last_used_at());

  REQUIRE_THAT(auth.Revoke(session, made.id()), IsOk());
  CHECK_THAT(auth.Exchange(made.id(), made.secret(), exchanged), HasReason(Reason::kINVALID_API_KEY));
  CHECK_THAT(auth.List(exchanged.access_token(), listed), HasReason(Reason::kSESSION_ENDED));
  CHECK_THAT(auth.Revoke(session, made.id()), HasReason(Reason::kAPI_KEY_NOT_FOUND));
}

TEST_CASE("no key makes, lists or revokes keys, whatever its scopes") {
  KeyedAuth auth;
  v1::CreateApiKeyRequest request = ABot();
  request.add_scopes("write");
  request.add_scopes("trade");
  v1::CreateApiKeyReply made;
  REQUIRE_THAT(auth.Create(auth.SignIn(), request, made), IsOk());
  v1::ExchangeApiKeyReply exchanged;
  REQUIRE_THAT(auth.Exchange(made.id(), made.secret(), exchanged), IsOk());
  v1::CreateApiKeyReply another;
  v1::ListApiKeysReply listed;
  CHECK_THAT(auth.Create(exchanged.access_token(), ABot(), another), HasReason(Reason::kSCOPE_MISSING));
  CHECK_THAT(auth.List(exchanged.access_token(), listed), HasReason(Reason::kSCOPE_MISSING));
  CHECK_THAT(auth.Revoke(exchanged.access_token(), made.id()), HasReason(Reason::kSCOPE_MISSING));
}

TEST_CASE("the same Idempotency-Key makes one key and tells its secret once") {
  KeyedAuth auth;
  const std::string session = auth.SignIn();
  v1::CreateApiKeyReply first;
  v1::CreateApiKeyReply again;
  REQUIRE_THAT(auth.Create(session, ABot(), first, "k-1"), IsOk());
  REQUIRE_THAT(auth.Create(session, ABot(), again, "k-1"), IsOk());
  CHECK(again.id() == first.id());
  CHECK(again.created_at().nanos() == first.created_at().nanos());
  CHECK(first.has_secret());
  CHECK_FALSE(again.has_secret());
  v1::CreateApiKeyRequest other = ABot();
  other.set_name("another");
  CHECK_THAT(auth.Create(session, other, again, "k-1"), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  CHECK(auth.database.Execute("select count(*) from auth.api_keys") == "1");
}

TEST_CASE("the secret is nowhere in the database") {
  KeyedAuth auth;
  v1::CreateApiKeyReply made;
  REQUIRE_THAT(auth.Create(auth.SignIn(), ABot(), made, "k-1"), IsOk());
  const std::string digits = made.secret().substr(3);
  for (const char* table : {"api_keys", "idempotency_keys", "audit_log", "outbox"}) {
    CHECK(auth.database.Execute("select count(*) from auth." + std::string(table) + " t where t::text like '%" +
                                digits + "%'") == "0");
  }
}

TEST_CASE("strange keys, secrets and names are refused like any wrong one") {
  KeyedAuth auth;
  v1::ExchangeApiKeyReply exchanged;
  for (const char* text : {"", "pk_", "' or 1 = 1 --", "pk_\xC3\xA9", "\n"}) {
    CHECK_THAT(auth.Exchange(text, text, exchanged), HasReason(Reason::kINVALID_API_KEY));
  }
  v1::CreateApiKeyRequest request = ABot();
  request.set_name("'; drop table auth.api_keys; --");
  v1::CreateApiKeyReply made;
  const std::string session = auth.SignIn();
  REQUIRE_THAT(auth.Create(session, request, made), IsOk());
  CHECK(made.name() == request.name());
  request.add_scopes("admin");
  CHECK_THAT(auth.Create(session, request, made), NamesField("scopes"));
}

}  // namespace
}  // namespace papertape::auth
