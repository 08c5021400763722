#include "libs/auth/keyed_hash.h"

#include "tests/support/catch.h"

namespace papertape::auth {
namespace {

TEST_CASE("a keyed hash is HMAC-SHA256: RFC 4231, test case 2") {
  CHECK(KeyedHash("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("a digest is SHA-256: FIPS 180-2, B.1") {
  CHECK(Digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("each purpose and each secret has a key of its own") {
  CHECK(DeriveKey("secret", "one") == DeriveKey("secret", "one"));
  CHECK(DeriveKey("secret", "one") != DeriveKey("secret", "other"));
  CHECK(DeriveKey("secret", "one") != DeriveKey("another", "one"));
}

}  // namespace
}  // namespace papertape::auth
