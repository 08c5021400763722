#include "services/auth/domain/registration.h"

#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

Registration ARegistration() { return {.email = "ann@example.com", .password = "correct horse"}; }

absl::Status WithEmail(const std::string& email) {
  Registration registration = ARegistration();
  registration.email = email;
  return Normalize(registration, PasswordRules()).status();
}

absl::Status WithUsername(const std::string& username) {
  Registration registration = ARegistration();
  registration.username = username;
  return Normalize(registration, PasswordRules()).status();
}

absl::Status WithPassword(const std::string& password) {
  Registration registration = ARegistration();
  registration.password = password;
  return Normalize(registration, PasswordRules()).status();
}

TEST_CASE("an address is kept in lower case and texts lose the spaces around them") {
  Registration registration = ARegistration();
  registration.email = "Ann.O'Neill+papertape@Example.COM";
  registration.username = "  Ann_1 ";
  registration.name = " Ann O'Neill ";
  registration.phone = "   ";
  const auto normal = Normalize(registration, PasswordRules());
  REQUIRE_THAT(normal.status(), IsOk());
  CHECK(normal->email == "ann.o'neill+papertape@example.com");
  CHECK(normal->username == "Ann_1");
  CHECK(normal->name == "Ann O'Neill");
  CHECK_FALSE(normal->phone.has_value());
}

TEST_CASE("addresses that no mail reaches are refused") {
  const std::string email = GENERATE("", "ann", "ann@", "@example.com", "ann@example", "ann@@example.com",
                                     "ann@exa mple.com", "an n@example.com", "ann@.example.com", "ann@example..com",
                                     "ann@example.com.", "ann@-example.com", "ann\n@example.com", "ann@example.com\n",
                                     "<ann@example.com>", "a,b@example.com", std::string(65, 'a') + "@example.com",
                                     "ann@" + std::string(250, 'x') + ".com", std::string("ann\0@example.com", 16));
  CHECK_THAT(WithEmail(email), NamesField("email"));
}

TEST_CASE("addresses may be as long as the standard lets them") {
  CHECK_THAT(WithEmail(std::string(64, 'a') + "@example.com"), IsOk());
  CHECK_THAT(WithEmail("ann@" + std::string(246, 'x') + ".com"), IsOk());
  CHECK_THAT(WithEmail("andré@exämple.com"), IsOk());
}

TEST_CASE("only ASCII letters are lowered") { CHECK(LowerCase("ÉRIC@Example.COM") == "Éric@example.com"); }

TEST_CASE("passwords have 8 to 72 bytes without a zero among them") {
  CHECK_THAT(WithPassword("1234567"), NamesField("password"));
  CHECK_THAT(WithPassword("12345678"), IsOk());
  CHECK_THAT(WithPassword(std::string(72, 'x')), IsOk());
  CHECK_THAT(WithPassword(std::string(73, 'x')), NamesField("password"));
  CHECK_THAT(WithPassword(std::string("12345678\0abc", 12)), NamesField("password"));
}

TEST_CASE("usernames have 3 to 32 letters, digits, dots, dashes and underscores") {
  CHECK_THAT(WithUsername("ab"), NamesField("username"));
  CHECK_THAT(WithUsername("abc"), IsOk());
  CHECK_THAT(WithUsername("A.b-c_9"), IsOk());
  CHECK_THAT(WithUsername(std::string(32, 'a')), IsOk());
  CHECK_THAT(WithUsername(std::string(33, 'a')), NamesField("username"));
  CHECK_THAT(WithUsername("ann@example.com"), NamesField("username"));
  CHECK_THAT(WithUsername("two words"), NamesField("username"));
}

TEST_CASE("names and telephone numbers are counted in characters, not bytes") {
  Registration registration = ARegistration();
  for (int i = 0; i < 100; ++i) registration.name = registration.name.value_or("") + "é";
  CHECK_THAT(Normalize(registration, PasswordRules()).status(), IsOk());
  registration.name = *registration.name + "é";
  CHECK_THAT(Normalize(registration, PasswordRules()).status(), NamesField("name"));
  registration.name = "two\nlines";
  CHECK_THAT(Normalize(registration, PasswordRules()).status(), NamesField("name"));
}

TEST_CASE("an address has no character that cannot be seen, and a username none that looks like another") {
  for (const char* hidden : {"an\u200Bn@example.com", "ann@exam\u202Eple.com", "ann\u00AD@example.com",
                             "\uFEFFann@example.com", "ann@example.com\u2060", "a\u0085nn@example.com"}) {
    CAPTURE(hidden);
    CHECK_THAT(Normalize({.email = hidden, .password = "correct horse"}, PasswordRules()).status(),
               NamesField("email"));
  }
  CHECK(Normalize({.email = "ÉRIC@Example.com", .password = "correct horse"}, PasswordRules())->email ==
        "Éric@example.com");
  for (const char* lookalike : {"аnn", "ann\u200B", "ａｎｎ", "ánn", "ann\u0301"}) {  // the first а is Cyrillic
    CAPTURE(lookalike);
    CHECK_THAT(
        Normalize({.email = "ann@example.com", .password = "correct horse", .username = lookalike}, PasswordRules())
            .status(),
        NamesField("username"));
  }
}

TEST_CASE("all wrong fields are named at once, in the order of the request") {
  const auto refused = Normalize({.email = "no",
                                  .password = "short",
                                  .username = "!",
                                  .name = std::string(101, 'n'),
                                  .phone = std::string(33, '1')},
                                 PasswordRules());
  REQUIRE_THAT(refused.status(), HasReason(Reason::kINVALID_ARGUMENT));
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(refused.status()).violations) fields.push_back(violation.field);
  CHECK(fields == std::vector<std::string>{"email", "password", "username", "name", "phone"});
}

TEST_CASE("a username is made of the name, else of the address, else of nothing") {
  CHECK(UsernameFor({.email = "a@example.com", .name = "Ann O'Neill"}) == "ann.oneill");
  CHECK(UsernameFor({.email = "ann.smith+x@example.com"}) == "ann.smithx");
  CHECK(UsernameFor({.email = "ann@example.com", .name = "李"}) == "ann");
  CHECK(UsernameFor({.email = "a@example.com"}) == "trader");
  CHECK(UsernameFor({.email = std::string(64, 'a') + "@example.com"}) == std::string(32, 'a'));
}

TEST_CASE("another candidate ends in four digits and stays within the limit") {
  CHECK(UsernameWithDigits("ann", 120'042) == "ann0042");
  CHECK(UsernameWithDigits(std::string(32, 'a'), 7) == std::string(28, 'a') + "0007");
}

}  // namespace
}  // namespace papertape::auth
