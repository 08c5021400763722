// The way from an older version with its data, and back.
#include "migrations/auth_store.h"
#include "tests/support/catch.h"
#include "tests/support/migration_checks.h"

namespace papertape::auth {
namespace {

using papertape::testing::TestDatabase;

TEST_CASE("marks on events of auth become one mark a minute, and come back") {
  papertape::testing::CheckRelayMark(TestDatabase(), "auth", auth_store::Migrations(), 7);
}

TEST_CASE("all migrations of auth can be taken back and applied again") {
  papertape::testing::CheckThereAndBack(TestDatabase(), "auth", auth_store::Migrations());
}

}  // namespace
}  // namespace papertape::auth
