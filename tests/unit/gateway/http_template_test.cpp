#include "gateway/http_template.h"

#include "tests/support/catch.h"

namespace papertape::gateway {
namespace {

using Kind = HttpTemplate::Kind;

TEST_CASE("a template is literals and variables between slashes") {
  const auto parsed = ParseHttpTemplate("/trades/{trade.id}/legs/*");
  REQUIRE(parsed.ok());
  REQUIRE(parsed->segments.size() == 4);
  CHECK(parsed->segments[0].text == "trades");
  CHECK(parsed->segments[1].kind == Kind::kAny);
  CHECK(parsed->segments[3].kind == Kind::kAny);
  REQUIRE(parsed->variables.size() == 1);
  CHECK(parsed->variables[0].field_path == std::vector<std::string>{"trade", "id"});
  CHECK(parsed->variables[0].segment == 1);
}

TEST_CASE("a slash at the end of a template says nothing, the root has no segment") {
  CHECK(ParseHttpTemplate("/formulas/")->segments.size() == 1);
  CHECK(ParseHttpTemplate("/")->segments.empty());
}

TEST_CASE("the last variable may take the rest of the path") {
  const auto parsed = ParseHttpTemplate("/pages/{name=**}");
  REQUIRE(parsed.ok());
  CHECK(parsed->segments[1].kind == Kind::kRest);
  CHECK(ParseHttpTemplate("/pages/{name=*}")->segments[1].kind == Kind::kAny);
}

TEST_CASE("a template that could not be served as it reads is refused") {
  for (const char* text : {"", "trades", "/a//b", "/{}", "/{a", "/a}", "/{a.}", "/{.a}", "/{a b}", "/{a=b/*}", "/{a=}",
                           "/**/more", "/{a=**}/more", "/a:verb", "/a*b", "/a?b", "/%41"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseHttpTemplate(text).ok());
  }
}

TEST_CASE("paths split at slashes, and slashes at the end never matter") {
  using Parts = std::vector<std::string_view>;
  CHECK(SplitPath("").empty());
  CHECK(SplitPath("/").empty());
  CHECK(SplitPath("///").empty());
  CHECK(SplitPath("/a") == Parts{"a"});
  CHECK(SplitPath("/a/b//") == Parts{"a", "b"});
  CHECK(SplitPath("/a//b") == Parts{"a", "", "b"});
  CHECK(SplitPath("//a") == Parts{"", "a"});
  CHECK(SplitPath("a/b") == Parts{"a", "b"});
}

TEST_CASE("percent escapes decode, broken ones are noticed") {
  std::string out;
  CHECK(PercentDecode("%5ENSEI", false, out));
  CHECK(out == "^NSEI");
  CHECK(PercentDecode("a%2Fb%00c", false, out));
  CHECK(out == std::string("a/b\0c", 5));
  CHECK(PercentDecode("a+b%20c", true, out));
  CHECK(out == "a b c");
  CHECK(PercentDecode("a+b", false, out));
  CHECK(out == "a+b");
  for (const char* broken : {"%", "%4", "%4x", "%x4", "a%", "%%41"}) {
    CAPTURE(broken);
    CHECK_FALSE(PercentDecode(broken, false, out));
  }
}

}  // namespace
}  // namespace papertape::gateway
