#include "services/auth/clients/popular_passwords.h"

#include "tests/support/catch.h"

namespace papertape::auth {
namespace {

TEST_CASE("what everybody chooses is on the list, in whatever case, and what nobody chooses is not") {
  CHECK(PopularPasswordCount() >= 10'000);
  for (const char* common : {"password", "12345678", "qwertyuiop", "Password123", "ILOVEYOU", "baseball"}) {
    CAPTURE(common);
    CHECK(IsPopularPassword(common));
  }
  for (const char* rare : {"correct horse battery", "", "passwor", "password\n", "zzzzzzzzzzzzzzzzzzzzzzzzzzzz"}) {
    CAPTURE(rare);
    CHECK_FALSE(IsPopularPassword(rare));
  }
}

}  // namespace
}  // namespace papertape::auth
