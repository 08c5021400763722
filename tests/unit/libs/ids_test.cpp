#include "libs/ids/ids.h"

#include "libs/clock/fake_clock.h"
#include "libs/ids/hex.h"
#include "tests/support/matchers.h"

namespace papertape {
namespace {

TEST_CASE("ids strictly increase, within a millisecond and when the clock goes back") {
  FakeClock clock;
  IdSource ids(clock, SeededRandom(1));
  std::string last = ids.Next();
  CHECK(last.size() == 26);
  for (int i = 0; i < 1'000; ++i) {
    if (i == 300) clock.Advance(std::chrono::seconds(5));
    if (i == 600) clock.Advance(std::chrono::seconds(-10));
    const std::string next = ids.Next();
    REQUIRE(next > last);
    last = next;
  }
}

TEST_CASE("the same clock and seed give the same ids") {
  FakeClock clock;
  CHECK(IdSource(clock, SeededRandom(1)).Next() == IdSource(clock, SeededRandom(1)).Next());
  CHECK(IdSource(clock, SeededRandom(1)).Next() != IdSource(clock, SeededRandom(2)).Next());
}

TEST_CASE("bytes are two lower-case digits each") {
  CHECK(ToHex(std::string_view("\x00\x1f\xff", 3)) == "001fff");
  std::string text = "x";
  AppendHex("a", text);
  CHECK(text == "x61");
}

TEST_CASE("random hexadecimal has two digits a byte") { CHECK(RandomHex(SystemRandom(), 20).size() == 40); }

}  // namespace
}  // namespace papertape
