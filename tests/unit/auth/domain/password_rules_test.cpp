#include "services/auth/domain/password_rules.h"

#include <string>

#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::IsOk;
using testing::NamesField;

absl::Status Checked(const std::string& password) {
  Violations violations;
  PasswordRules([](std::string_view text) { return text == "iloveyou"; }).Check(password, "new_password", violations);
  return violations.ToStatus();
}

TEST_CASE("a password has 8 to 72 bytes, none of them zero, and is not everybody's") {
  for (const std::string& good : {std::string("8 bytes!"), std::string(72, 'x'), std::string("пароль")}) {
    CHECK_THAT(Checked(good), IsOk());
  }
  for (const std::string& bad : {std::string(), std::string("7 bytes"), std::string(73, 'x'),
                                 std::string("zero\0inside", 11), std::string("iloveyou")}) {
    CAPTURE(bad);
    CHECK_THAT(Checked(bad), NamesField("new_password"));
  }
  CHECK(MessageOf(Checked("iloveyou")).find("most common") != std::string_view::npos);
}

}  // namespace
}  // namespace papertape::auth
