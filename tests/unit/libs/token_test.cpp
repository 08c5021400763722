#include "libs/auth/token.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <map>

#include "libs/clock/fake_clock.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;

const Claims kAda{
    .user_id = 17, .email = "ada@example.com", .role = Role::kAuthor, .token_id = "t1", .session_id = "s1"};

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
    CHECK(caller->session_id == "s1");
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

// A token with any header and claims under a shared secret's signature.
std::string Handmade(const std::string& header, const std::string& claims, const std::string& secret) {
  const auto encode = [](const std::string& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    std::erase(text, '=');
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
  };
  const std::string body = encode(header) + "." + encode(claims);
  unsigned int size = 0;
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), reinterpret_cast<unsigned char*>(mac.data()),
       &size);
  return body + "." + encode(mac.substr(0, size));
}

// Claims of a token that is good at the fake clock's start, with some in place of others.
std::string ClaimsWith(const std::string& name, const std::string& value) {
  std::map<std::string, std::string> claims{{"sub", "\"17\""},     {"email", "\"ada@example.com\""},
                                            {"role", "\"user\""},  {"jti", "\"t1\""},
                                            {"sid", "\"s1\""},     {"iat", "1767225600"},
                                            {"nbf", "1767225600"}, {"exp", "1767226200"}};
  claims[name] = value;
  std::string text;
  for (const auto& [key, content] : claims) {
    if (!content.empty()) text += (text.empty() ? "{" : ",") + ('"' + key + "\":") + content;
  }
  return text + "}";
}

const std::string kSecret(32, 's');
std::string HeaderWith(const std::string& key_id, const std::string& more = "") {
  return R"({"alg":"HS256","typ":"JWT","kid":")" + key_id + "\"" + more + "}";
}

TEST_CASE("a key's id is compared with our own and used for nothing else") {
  const FakeClock clock;
  TokenVerifier verifier(SharedSecret(), clock);
  const std::string claims = ClaimsWith("role", "\"user\"");
  REQUIRE_THAT(verifier.Verify(Handmade(HeaderWith(SecretKeyId(kSecret)), claims, kSecret)).status(), testing::IsOk());
  for (const std::string& key_id : {std::string(), std::string("../../dev/null"), std::string("/dev/null"),
                                    std::string("' or '1'='1"), std::string("unknown"), SecretKeyId(kSecret) + "x",
                                    SecretKeyId(kSecret).substr(1), SecretKeyId(std::string(32, 'o'))}) {
    CAPTURE(key_id);
    CHECK_THAT(verifier.Verify(Handmade(HeaderWith(key_id), claims, kSecret)).status(),
               HasReason(Reason::kINVALID_TOKEN));
    CHECK_THAT(verifier.Verify(Handmade(HeaderWith(key_id), claims, "")).status(), HasReason(Reason::kINVALID_TOKEN));
  }
  for (const std::string& header :
       {std::string(R"({"alg":"HS256","typ":"JWT"})"), std::string(R"({"alg":"HS256","kid":7})"),
        HeaderWith(SecretKeyId(kSecret), R"(,"crit":["exp"],"exp":1)"),
        R"({"alg":"HS384","typ":"JWT","kid":")" + SecretKeyId(kSecret) + "\"}", std::string("[]"),
        std::string("null")}) {
    CAPTURE(header);
    CHECK_THAT(verifier.Verify(Handmade(header, claims, kSecret)).status(), HasReason(Reason::kINVALID_TOKEN));
  }
}

TEST_CASE("a token without its claims, or with odd ones, is not valid") {
  const FakeClock clock;
  TokenVerifier verifier(SharedSecret(), clock);
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"sub", ""},
                                                                                    {"sub", "17"},
                                                                                    {"sub", "\"0\""},
                                                                                    {"sub", "\"-17\""},
                                                                                    {"sub", "\"17x\""},
                                                                                    {"jti", ""},
                                                                                    {"sid", ""},
                                                                                    {"sid", "[]"},
                                                                                    {"iat", ""},
                                                                                    {"nbf", ""},
                                                                                    {"nbf", "\"now\""},
                                                                                    {"exp", ""},
                                                                                    {"exp", "-1"},
                                                                                    {"exp", "1e3"},
                                                                                    {"exp", "\"9\""},
                                                                                    {"nbf", "1767225631"},
                                                                                    {"iat", "1767225631"},
                                                                                    {"nbf", "18446744073709551615"}}) {
    CAPTURE(name, value);
    CHECK_THAT(verifier.Verify(Handmade(HeaderWith(SecretKeyId(kSecret)), ClaimsWith(name, value), kSecret)).status(),
               HasReason(Reason::kINVALID_TOKEN));
  }
  // Half a minute between two clocks is forgiven.
  for (const char* name : {"nbf", "iat"}) {
    CHECK_THAT(
        verifier.Verify(Handmade(HeaderWith(SecretKeyId(kSecret)), ClaimsWith(name, "1767225630"), kSecret)).status(),
        testing::IsOk());
  }
}

TEST_CASE("a key that signed before still verifies, until it is taken away") {
  const auto algorithm = GENERATE(as<std::string>(), "HS256", "RS256", "ES256");
  const FakeClock clock;
  const auto make = [&](char letter) {
    return algorithm == "HS256" ? SharedSecret(std::string(32, letter)) : KeyPair(algorithm);
  };
  const TokenKeys old_keys = make('a');
  TokenKeys keys = make('b');
  const std::string old_token = *TokenSigner(old_keys, clock).Sign(kAda, std::chrono::minutes(10));
  CHECK_THAT(TokenVerifier(keys, clock).Verify(old_token).status(), HasReason(Reason::kINVALID_TOKEN));
  keys.previous = {algorithm == "HS256" ? old_keys.secret : old_keys.public_key_pem};
  CHECK_THAT(TokenVerifier(keys, clock).Verify(old_token).status(), testing::IsOk());
  const std::string token = *TokenSigner(keys, clock).Sign(kAda, std::chrono::minutes(10));
  CHECK_THAT(TokenVerifier(keys, clock).Verify(token).status(), testing::IsOk());
  CHECK(PublicKeys(keys).size() == (algorithm == "HS256" ? 0 : 2));
}

TEST_CASE("the token of an ended session is refused, also one that is remembered, until the process may forget") {
  FakeClock clock;
  Revocations revocations(clock);
  TokenVerifier verifier(SharedSecret(), clock, &revocations);
  const std::string token = *TokenSigner(SharedSecret(), clock).Sign(kAda, std::chrono::minutes(10));
  REQUIRE_THAT(verifier.Verify(token).status(), testing::IsOk());
  std::vector<std::string> heard;
  revocations.Listen([&](const std::string& session_id) { heard.push_back(session_id); });
  revocations.Revoke("s2", clock.Now() + std::chrono::minutes(10));
  CHECK_THAT(verifier.Verify(token).status(), testing::IsOk());
  revocations.Revoke("s1", clock.Now() + std::chrono::minutes(10));
  revocations.Revoke("s1", clock.Now() + std::chrono::minutes(10));
  CHECK(heard == std::vector<std::string>{"s2", "s1"});
  CHECK_THAT(verifier.Verify(token).status(), HasReason(Reason::kSESSION_ENDED));
  CHECK_THAT(TokenVerifier(SharedSecret(), clock, &revocations).Verify(token).status(),
             HasReason(Reason::kSESSION_ENDED));
  clock.Advance(std::chrono::minutes(11));
  for (int i = 0; i < 2'000; ++i) revocations.Revoke("later " + std::to_string(i), clock.Now() + std::chrono::hours(1));
  CHECK(revocations.size() == 2'000);
}

TEST_CASE("while ended sessions cannot be heard of, tokens work or are refused as the setting says") {
  const FakeClock clock;
  const std::string token = *TokenSigner(SharedSecret(), clock).Sign(kAda, std::chrono::minutes(10));
  for (const WithoutRedis policy : {WithoutRedis::kServe, WithoutRedis::kRefuse}) {
    Revocations revocations(clock, policy);
    TokenVerifier verifier(SharedSecret(), clock, &revocations);
    REQUIRE_THAT(verifier.Verify(token).status(), testing::IsOk());
    revocations.SetHearing(false);
    const absl::Status deaf = verifier.Verify(token).status();
    if (policy == WithoutRedis::kServe) {
      CHECK_THAT(deaf, testing::IsOk());
    } else {
      CHECK_THAT(deaf, HasReason(Reason::kUNAVAILABLE));
      CHECK(DetailsOf(deaf).retry_after_ms > 0);
    }
    revocations.SetHearing(true);
    CHECK_THAT(verifier.Verify(token).status(), testing::IsOk());
  }
}

TEST_CASE("a public key is shown as a JSON Web Key under its thumbprint") {
  // RFC 7638, 3.1: the key and the thumbprint that it works out.
  const std::string pem =
      "-----BEGIN PUBLIC KEY-----\n"
      "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0vx7agoebGcQSuuPiLJX\n"
      "ZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS\n"
      "oc/BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ/2W+5JsGY4Hc5n9yBXArwl93lqt\n"
      "7/RN5w6Cf0h4QyQ5v+65YGjQR0/FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0\n"
      "zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt+bFTWhAI4vMQFh6WeZu0f\n"
      "M4lFd2NcRwr3XPksINHaQ+G/xBniIqbw0Ls1jF44+csFCur+kEgU8awapJzKnqDK\n"
      "gwIDAQAB\n"
      "-----END PUBLIC KEY-----\n";
  const auto jwk = PublicJwk("RS256", pem);
  REQUIRE_THAT(jwk.status(), testing::IsOk());
  CHECK(jwk->key_id == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  CHECK(jwk->key_type == "RSA");
  CHECK(jwk->exponent == "AQAB");
  CHECK(jwk->modulus.starts_with("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86"));
  CHECK_THAT(PublicJwk("ES256", pem).status(), HasReason(Reason::kINVALID_ARGUMENT));
  CHECK_THAT(PublicJwk("RS256", "no key").status(), HasReason(Reason::kINVALID_ARGUMENT));
  const auto point = PublicJwk("ES256", KeyPair("ES256").public_key_pem);
  REQUIRE_THAT(point.status(), testing::IsOk());
  CHECK(point->curve == "P-256");
  CHECK(point->x.size() == 43);
  CHECK(point->y.size() == 43);
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
