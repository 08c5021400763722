#include "libs/auth/token.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "libs/clock/fake_clock.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;

const Claims kAda{.user_id = 17, .email = "ada@example.com", .role = Role::kAuthor, .token_id = "t1"};

TokenKeys SharedSecret(std::string secret = std::string(32, 's')) { return {.secret = std::move(secret)}; }

std::string ToPem(EVP_PKEY* key, bool is_private) {
  BIO* out = BIO_new(BIO_s_mem());
  if (is_private) {
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  } else {
    PEM_write_bio_PUBKEY(out, key);
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return pem;
}

TokenKeys KeyPair(const std::string& algorithm) {
  EVP_PKEY* key = algorithm == "RS256" ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
  TokenKeys keys{.algorithm = algorithm,
                 .secret = std::string(32, 's'),
                 .private_key_pem = ToPem(key, true),
                 .public_key_pem = ToPem(key, false)};
  EVP_PKEY_free(key);
  return keys;
}

TEST_CASE("a signed token says whose it is, with each algorithm") {
  const auto algorithm = GENERATE(as<std::string>(), "HS256", "RS256", "ES256");
  const TokenKeys keys = algorithm == "HS256" ? SharedSecret() : KeyPair(algorithm);
  const FakeClock clock;
  const std::string token = *TokenSigner(keys, clock).Sign(kAda, std::chrono::minutes(10));
  TokenVerifier verifier(keys, clock);
  for (int twice = 0; twice < 2; ++twice) {
    const auto caller = verifier.Verify(token);
    REQUIRE_THAT(caller.status(), testing::IsOk());
    CHECK(caller->user_id == 17);
    CHECK(caller->email == "ada@example.com");
    CHECK(caller->role == Role::kAuthor);
    CHECK(caller->token_id == "t1");
    CHECK(caller->expires_at == clock.Now() + std::chrono::minutes(10));
  }
}

TEST_CASE("a token expires, also one that is remembered, with some tolerance for clocks") {
  FakeClock clock;
  const std::string token = *TokenSigner(SharedSecret(), clock).Sign(kAda, std::chrono::minutes(10));
  TokenVerifier verifier(SharedSecret(), clock);
  REQUIRE_THAT(verifier.Verify(token).status(), testing::IsOk());
  clock.Advance(std::chrono::minutes(10) + std::chrono::seconds(29));
  CHECK_THAT(verifier.Verify(token).status(), testing::IsOk());
  clock.Advance(std::chrono::seconds(2));
  CHECK_THAT(verifier.Verify(token).status(), HasReason(Reason::kTOKEN_EXPIRED));
  CHECK_THAT(TokenVerifier(SharedSecret(), clock).Verify(token).status(), HasReason(Reason::kTOKEN_EXPIRED));
}

TEST_CASE("forged, foreign and malformed tokens are refused") {
  const FakeClock clock;
  const std::string good = *TokenSigner(SharedSecret(), clock).Sign(kAda, std::chrono::minutes(10));
  const std::string payload = good.substr(good.find('.'), good.rfind('.') - good.find('.'));
  std::string flipped = good;
  flipped[flipped.size() - 5] = flipped[flipped.size() - 5] == 'A' ? 'B' : 'A';
  const std::string none_header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";  // {"alg":"none","typ":"JWT"}
  TokenVerifier verifier(SharedSecret(), clock);
  for (const std::string& bad :
       {std::string(), std::string("x"), std::string("a.b.c"), std::string(9'000, 'a'), std::string("..."),
        std::string("eyJ.eyJ."), flipped, good + "x", none_header + payload + ".", none_header + payload + ".AAAA",
        *TokenSigner(SharedSecret(std::string(32, 'o')), clock).Sign(kAda, std::chrono::minutes(10))}) {
    CAPTURE(bad);
    CHECK_THAT(verifier.Verify(bad).status(), HasReason(Reason::kINVALID_TOKEN));
  }
}

TEST_CASE("a public key is never taken for a shared secret") {
  const FakeClock clock;
  const TokenKeys pair = KeyPair("RS256");
  const std::string confused = *TokenSigner(SharedSecret(pair.public_key_pem), clock).Sign(kAda, std::chrono::hours(1));
  CHECK_THAT(TokenVerifier(pair, clock).Verify(confused).status(), HasReason(Reason::kINVALID_TOKEN));
}

TEST_CASE("services know each other by the suite's secret") {
  CHECK(SameCredential(ServiceCredential("k1"), ServiceCredential("k1")));
  CHECK_FALSE(SameCredential(ServiceCredential("k1"), ServiceCredential("k2")));
  CHECK_FALSE(SameCredential(ServiceCredential("k1"), ""));
}

TEST_CASE("a user id in a path names the caller, or anyone for an administrator") {
  const Caller ada{.user_id = 17, .email = "ada@example.com"};
  CHECK(*ResolveUser(ada, "me") == 17);
  CHECK(*ResolveUser(ada, "17") == 17);
  CHECK(*ResolveUser(ada, "ada@example.com") == 17);
  for (const char* foreign : {"18", "eve@example.com", "", "17x", "-17", "99999999999999999999"}) {
    CHECK_THAT(ResolveUser(ada, foreign).status(), HasReason(Reason::kPERMISSION_DENIED));
  }
  CHECK(*ResolveUser(Caller{.user_id = 1, .role = Role::kAdmin}, "18") == 18);
  CHECK_THAT(ResolveUser(Caller{}, "me").status(), HasReason(Reason::kUNAUTHENTICATED));
}

}  // namespace
}  // namespace papertape::auth
