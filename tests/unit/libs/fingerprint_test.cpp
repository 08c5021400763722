#include "libs/rpc/fingerprint.h"

#include "papertape/auth/v1/auth_service.pb.h"
#include "tests/support/catch.h"

namespace papertape::rpc {
namespace {

TEST_CASE("a fingerprint depends on the key, the method and every field") {
  auth::v1::RegisterRequest request;
  request.set_email("ann@example.com");
  request.set_password("correct horse");
  const std::string print = Fingerprint("key", "Register", request);
  CHECK(print == Fingerprint("key", "Register", request));
  CHECK(print != Fingerprint("another", "Register", request));
  CHECK(print != Fingerprint("key", "Login", request));
  request.set_username("");
  CHECK(print != Fingerprint("key", "Register", request));  // present and empty is not absent
  request.clear_username();
  request.set_email("ann@example.comc");
  request.set_password("orrect horse");
  CHECK(print != Fingerprint("key", "Register", request));
}

}  // namespace
}  // namespace papertape::rpc
