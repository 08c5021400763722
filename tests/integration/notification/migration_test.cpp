// The way from an older version with its data, and back.
#include "migrations/notification_store.h"
#include "tests/support/catch.h"
#include "tests/support/migration_checks.h"

namespace papertape::notification {
namespace {

using papertape::testing::TestDatabase;

TEST_CASE("marks on events of notification become one mark a minute, and come back") {
  papertape::testing::CheckRelayMark(TestDatabase(), "notification", notification_store::Migrations(), 3);
}

TEST_CASE("all migrations of notification can be taken back and applied again") {
  papertape::testing::CheckThereAndBack(TestDatabase(), "notification", notification_store::Migrations());
}

}  // namespace
}  // namespace papertape::notification
