#include "services/auth/clients/bcrypt_hasher.h"

#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::IsOk;

TEST_CASE("a hash is bcrypt of the asked cost, salted, and matches its password alone") {
  const auto hasher = BcryptHasher::Make(4, SystemRandom());
  REQUIRE_THAT(hasher.status(), IsOk());
  const auto hash = (*hasher)->Hash("correct horse");
  REQUIRE_THAT(hash.status(), IsOk());
  CHECK(hash->starts_with("$2b$04$"));
  CHECK(hash->size() == 60);
  CHECK(*hash != *(*hasher)->Hash("correct horse"));
  CHECK((*hasher)->Matches("correct horse", *hash));
  CHECK_FALSE((*hasher)->Matches("correct hors", *hash));
  CHECK_FALSE((*hasher)->Matches("Correct horse", *hash));
}

TEST_CASE("hashes made elsewhere are read") {
  const auto hasher = BcryptHasher::Make(4, SystemRandom());
  // Of John the Ripper's bcrypt test vectors.
  CHECK((*hasher)->Matches("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  CHECK((*hasher)->IsOutdated("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

TEST_CASE("nothing matches what is not a hash, nor the decoy") {
  const auto hasher = BcryptHasher::Make(4, SystemRandom());
  for (const char* hash : {"", "*0", "plain", "$2b$04$tooshort", "$2b$99$CCCCCCCCCCCCCCCCCCCCC."}) {
    CHECK_FALSE((*hasher)->Matches("correct horse", hash));
  }
  CHECK_FALSE((*hasher)->Matches("decoy", (*hasher)->Decoy()));
  CHECK((*hasher)->Decoy().starts_with("$2b$04$"));
}

TEST_CASE("a hash of another cost is outdated") {
  const auto weak = BcryptHasher::Make(4, SystemRandom());
  const auto strong = BcryptHasher::Make(5, SystemRandom());
  const std::string hash = *(*weak)->Hash("correct horse");
  CHECK_FALSE((*weak)->IsOutdated(hash));
  CHECK((*strong)->IsOutdated(hash));
  CHECK((*strong)->Matches("correct horse", hash));
}

}  // namespace
}  // namespace papertape::auth
