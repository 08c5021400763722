#include "services/auth/domain/one_time_codes.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/auth/code_contracts.h"
#include "tests/support/auth/code_fakes.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

constexpr char kAnn[] = "ann@example.com";

struct World {
  explicit World(CodeRules kept = {}) : rules(kept) {}
  const CodeRules rules;
  FakeClock clock;  // midnight
  FakeCodeStore store;
  FakeUserStore users;
  FakeMailer mail;
  FakeSecretHash hash;
  OneTimeCodes codes{
      {.codes = store, .users = users, .mail = mail, .hash = hash, .random = SeededRandom(1), .clock = clock}, rules};

  std::string SendTo(const std::string& email) {
    REQUIRE_THAT(codes.Send(email).status(), IsOk());
    return mail.CodeFor(email);
  }
};

std::string WrongFor(const std::string& code) { return code == "000000" ? "111111" : "000000"; }

TEST_CASE("the fake code store keeps to the contract") {
  FakeCodeStore store;
  CheckCodeStoreContract(store);
}

TEST_CASE("codes have six digits, each of the million equally likely") {
  CHECK(SixDigits([] { return std::uint64_t{7}; }) == "000007");
  CHECK(SixDigits([] { return std::uint64_t{12'345'678'999'999}; }) == "999999");
  // 2^64 = 18446744073709 * 10^6 + 551616: what lies in the incomplete million is drawn again.
  std::vector<std::uint64_t> draws{UINT64_MAX, 18'446'744'073'709'000'000U + 551'615, 18'446'744'073'709'000'000U, 41};
  std::size_t next = 0;
  CHECK(SixDigits([&] { return draws.at(next++); }) == "000041");
  CHECK(next == 4);
}

TEST_CASE("the code in the mail is good once, whatever the case of the address") {
  World world;
  const std::string code = world.SendTo(kAnn);
  CHECK(code.size() == 6);
  CHECK_THAT(world.codes.Redeem("ANN@example.com", code), IsOk());
  CHECK_THAT(world.codes.Redeem(kAnn, code), HasReason(Reason::kINVALID_OTP));
}

TEST_CASE("a code is good for its own address only") {
  World world;
  const std::string ann = world.SendTo(kAnn);
  const std::string bob = world.SendTo("bob@example.com");
  REQUIRE(ann != bob);
  CHECK_THAT(world.codes.Redeem("bob@example.com", ann), HasReason(Reason::kINVALID_OTP));
  CHECK_THAT(world.codes.Redeem(kAnn, ann), IsOk());
}

TEST_CASE("five tries a code, the right one among them") {
  World world;
  const std::string code = world.SendTo(kAnn);
  for (int i = 0; i < 4; ++i) {
    CHECK_THAT(world.codes.Redeem(kAnn, WrongFor(code)), HasReason(Reason::kINVALID_OTP));
  }
  SECTION("the fifth may be right") { CHECK_THAT(world.codes.Redeem(kAnn, code), IsOk()); }
  SECTION("after five wrong ones the right one is refused, unchecked") {
    CHECK_THAT(world.codes.Redeem(kAnn, WrongFor(code)), HasReason(Reason::kINVALID_OTP));
    CHECK(world.hash.comparisons == 5);
    CHECK_THAT(world.codes.Redeem(kAnn, code), HasReason(Reason::kINVALID_OTP));
    CHECK(world.hash.comparisons == 5);
  }
}

TEST_CASE("a code expires after ten minutes") {
  World world;
  CHECK(*world.codes.Send(kAnn) == minutes(10));
  const std::string code = world.mail.CodeFor(kAnn);
  world.clock.Advance(minutes(10) - seconds(1));
  SECTION("until then it is good") { CHECK_THAT(world.codes.Redeem(kAnn, code), IsOk()); }
  SECTION("then it is not") {
    world.clock.Advance(seconds(1));
    CHECK_THAT(world.codes.Redeem(kAnn, code), HasReason(Reason::kINVALID_OTP));
  }
}

TEST_CASE("a new code voids the one before") {
  World world;
  const std::string first = world.SendTo(kAnn);
  world.clock.Advance(seconds(60));
  const std::string second = world.SendTo(kAnn);
  REQUIRE(first != second);
  CHECK_THAT(world.codes.Redeem(kAnn, first), HasReason(Reason::kINVALID_OTP));
  CHECK_THAT(world.codes.Redeem(kAnn, second), IsOk());
}

TEST_CASE("a minute lies between two codes, and the refusal says how much of it is left") {
  World world;
  const std::string code = world.SendTo(kAnn);
  world.clock.Advance(seconds(20));
  const absl::Status refused = world.codes.Send(kAnn).status();
  CHECK_THAT(refused, HasReason(Reason::kOTP_THROTTLED));
  CHECK(DetailsOf(refused).retry_after_ms == 40'000);
  CHECK(world.mail.Letters().size() == 1);
  CHECK_THAT(world.codes.Redeem(kAnn, code), IsOk());  // the one before stands
  CHECK_THAT(world.codes.Send("bob@example.com").status(), IsOk());
}

TEST_CASE("ten codes a day, counted anew from midnight in UTC") {
  World world;
  world.clock.Advance(hours(20));
  for (int i = 0; i < 10; ++i) {
    world.SendTo(kAnn);
    world.clock.Advance(minutes(2));
  }
  const absl::Status refused = world.codes.Send(kAnn).status();
  CHECK_THAT(refused, HasReason(Reason::kOTP_THROTTLED));
  CHECK(DetailsOf(refused).retry_after_ms == (hours(4) - minutes(20)) / std::chrono::milliseconds(1));
  world.clock.Advance(hours(4) - minutes(20) - seconds(1));
  CHECK_THAT(world.codes.Send(kAnn).status(), HasReason(Reason::kOTP_THROTTLED));
  world.clock.Advance(seconds(1));  // 00:00
  for (int i = 0; i < 10; ++i) {
    world.SendTo(kAnn);
    world.clock.Advance(minutes(2));
  }
  CHECK_THAT(world.codes.Send(kAnn).status(), HasReason(Reason::kOTP_THROTTLED));
}

TEST_CASE("an unknown address gets what a known one gets") {
  World world;
  REQUIRE_THAT(world.users.Insert({.user = {.email = kAnn, .username = "ann", .is_verified = true}}, {}, {}).status(),
               IsOk());
  REQUIRE_THAT(world.codes.Send(kAnn).status(), IsOk());
  REQUIRE_THAT(world.codes.Send("bob@example.com").status(), IsOk());
  CHECK_THAT(world.codes.Send(kAnn).status(), HasReason(Reason::kOTP_THROTTLED));
  CHECK_THAT(world.codes.Send("bob@example.com").status(), HasReason(Reason::kOTP_THROTTLED));
  const std::vector<Letter> letters = world.mail.Letters();
  CHECK(letters[0].subject == letters[1].subject);
  CHECK(letters[0].text.size() == letters[1].text.size());
}

TEST_CASE("where nobody signs up by mail, the mail to an unknown address says so and holds no code") {
  World world({.sign_up = false});
  CHECK(*world.codes.Send(kAnn) == minutes(10));  // the answer tells nothing
  CHECK(world.mail.CodeFor(kAnn).empty());
  CHECK(world.mail.Letters().at(0).subject == "There is no Papertape account for this address");
  CHECK_THAT(world.codes.Send(kAnn).status(), HasReason(Reason::kOTP_THROTTLED));
}

TEST_CASE("whoever never confirmed an address that has a password is told of it") {
  World world;
  REQUIRE_THAT(world.users.Insert({.user = {.email = kAnn, .username = "ann"}, .password_hash = "h"}, {}, {}).status(),
               IsOk());
  world.SendTo(kAnn);
  CHECK(world.mail.Letters().at(0).text.find("has not been confirmed") != std::string::npos);
}

TEST_CASE("when no mail can be sent nothing has changed") {
  World world;
  const std::string code = world.SendTo(kAnn);
  world.clock.Advance(minutes(1));
  world.mail.Break(Error(Reason::kUNAVAILABLE));
  CHECK_THAT(world.codes.Send(kAnn).status(), HasReason(Reason::kUNAVAILABLE));
  CHECK_THAT(world.codes.Redeem(kAnn, code), IsOk());
  world.mail.Break(absl::OkStatus());
  CHECK_THAT(world.codes.Send(kAnn).status(), IsOk());
}

TEST_CASE("what is no address gets no code") {
  World world;
  for (const char* email : {"", "ann", "ann@example.com\r\nBcc: eve@example.com", "ann@example.com, eve@example.com",
                            "<ann@example.com>", "'; drop table users; --"}) {
    CHECK_THAT(world.codes.Send(email).status(), NamesField("email"));
  }
  CHECK(world.store.size() == 0);
}

TEST_CASE("a code of other digits, lengths and alphabets is wrong, and none is good where none was sent") {
  World world;
  const std::string code = world.SendTo(kAnn);
  for (const std::string& wrong : {std::string(), " " + code, code + "0", code.substr(0, 5), std::string("١٢٣٤٥٦")}) {
    CHECK_THAT(world.codes.Redeem(kAnn, wrong), HasReason(Reason::kINVALID_OTP));
  }
  CHECK_THAT(world.codes.Redeem("bob@example.com", ""), HasReason(Reason::kINVALID_OTP));
}

TEST_CASE("records of earlier days are forgotten, today's allowance is not") {
  World world;
  world.SendTo(kAnn);
  world.clock.Advance(hours(12));
  REQUIRE_THAT(world.codes.EraseOld(), IsOk());
  CHECK(world.store.size() == 1);
  world.clock.Advance(hours(13));
  REQUIRE_THAT(world.codes.EraseOld(), IsOk());
  CHECK(world.store.size() == 0);
}

}  // namespace
}  // namespace papertape::auth
