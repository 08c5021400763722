#include "libs/json/json_text.h"

#include "tests/support/catch.h"

namespace papertape::json {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendString(text, out);
  return out;
}

TEST_CASE("strings are quoted and what JSON forbids is escaped") {
  CHECK(Quoted("") == R"("")");
  CHECK(Quoted("a\"b\\c\nd\te\x01") == R"("a\"b\\c\nd\te\u0001")");
  CHECK(Quoted("\xE2\x82\xAC 5") == "\"\xE2\x82\xAC 5\"");
}

TEST_CASE("what is not UTF-8 becomes the replacement character") {
  CHECK(Quoted("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
  CHECK(Quoted("\xC3") == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("UTF-8 has neither overlong forms, surrogates nor code points past the end") {
  CHECK(IsUtf8("plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\x88"));
  for (const char* wrong : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xC3z"}) {
    CAPTURE(wrong);
    CHECK_FALSE(IsUtf8(wrong));
  }
}

TEST_CASE("base64 round-trips every length, padded or not, in both alphabets") {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "\xFF\xFE\xFD"}) {
    std::string text;
    AppendBase64(bytes, text);
    CHECK(ParseBase64(text) == bytes);
    while (!text.empty() && text.back() == '=') text.pop_back();
    CHECK(ParseBase64(text) == bytes);
  }
  CHECK(ParseBase64("__79") == ParseBase64("//79"));
  CHECK_FALSE(ParseBase64("a").has_value());
  CHECK_FALSE(ParseBase64("ab*d").has_value());
}

}  // namespace
}  // namespace papertape::json
