#include "services/notification/domain/recent_ids.h"

#include "tests/support/catch.h"

namespace papertape::notification {
namespace {

TEST_CASE("an id is news once, until as many others came as are remembered") {
  RecentIds ids(2);
  CHECK(ids.Add("a"));
  CHECK_FALSE(ids.Add("a"));
  CHECK(ids.Add("b"));
  CHECK_FALSE(ids.Add("a"));
  CHECK(ids.Add("c"));  // forgets a
  CHECK_FALSE(ids.Add("b"));
  CHECK(ids.Add("a"));
}

}  // namespace
}  // namespace papertape::notification
