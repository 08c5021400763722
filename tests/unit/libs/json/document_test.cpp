#include "libs/json/document.h"

#include "tests/support/matchers.h"

namespace papertape::json {
namespace {

TEST_CASE("members, elements and what is not there are found by their path") {
  const Document document =
      Document::Parse(R"({"status":"OK","results":[{"c":174.6},{"c":null}],"next":{"a":{}}})").value();
  const Value root = document.root();
  CHECK(root["status"].String() == "OK");
  const std::vector<Value> results = root["results"].Elements();
  REQUIRE(results.size() == 2);
  CHECK(results[0]["c"].Number() == "174.6");
  CHECK(results[1]["c"].IsEmpty());
  CHECK(root["next"]["a"].IsObject());
  CHECK(root["next"]["b"]["c"].kind() == Kind::kMissing);
  CHECK(root["status"].Elements().empty());
  REQUIRE(root.Members().size() == 3);
  CHECK(root.Members()[2].first == "next");
}

TEST_CASE("numbers stay as they were written") {
  const Document document =
      Document::Parse(R"([5.5099718e+07, 175.03999328613281, 1713499200000, -0, "12.5", 99999999999999999999])")
          .value();
  const std::vector<Value> numbers = document.root().Elements();
  CHECK(numbers[0].Number() == "5.5099718e+07");
  CHECK(numbers[1].Number() == "175.03999328613281");
  CHECK(numbers[2].Integer() == 1'713'499'200'000);
  CHECK(numbers[3].Number() == "-0");
  CHECK_FALSE(numbers[4].Number());
  CHECK(numbers[4].NumberOrString() == "12.5");
  CHECK_FALSE(numbers[5].Integer());
  CHECK_FALSE(numbers[0].Integer());
}

TEST_CASE("texts are unescaped, and the first of two members counts") {
  const Document document = Document::Parse(R"({"a":"\u00e9\n\"","b":true,"b":false})").value();
  CHECK(document.root()["a"].String() == "\xC3\xA9\n\"");
  CHECK(document.root()["b"].Bool() == true);
}

TEST_CASE("what is not JSON is refused") {
  for (const char* text : {"", "<html>Will be right back</html>", "Too Many Requests", "{\"a\":1", "[1,]", "{} {}",
                           "[NaN]", "[\"\xC3\x28\"]", "{'a':1}"}) {
    CAPTURE(text);
    CHECK_FALSE(Document::Parse(text).ok());
  }
  CHECK_FALSE(Document::Parse(std::string("[1]\0", 4)).ok());
}

TEST_CASE("depth costs no stack") {
  constexpr std::size_t kDeep = 1'000'000;
  const std::string text = std::string(kDeep, '[') + std::string(kDeep, ']');
  const Document document = Document::Parse(text).value();
  Value value = document.root();
  std::size_t depth = 0;
  for (; value.IsArray(); ++depth) {
    const std::vector<Value> inner = value.Elements();
    value = inner.empty() ? Value() : inner[0];
  }
  CHECK(depth == kDeep);
}

}  // namespace
}  // namespace papertape::json
