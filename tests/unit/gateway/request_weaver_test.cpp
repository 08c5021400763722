#include "gateway/request_weaver.h"

#include "gateway/route_table.h"
#include "libs/json/json_writer.h"
#include "papertape/test/v1/workshop_service.pb.h"
#include "tests/support/matchers.h"

namespace papertape::gateway {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using test::v1::GetToolRequest;
using test::v1::ReplaceToolRequest;
using test::v1::Tool;

// A request against the workshop's routes.
template <class Request>
absl::Status WeaveInto(Request& request, std::string_view verb, std::string_view path, const RequestParts& parts) {
  static const auto* const table = new RouteTable(*RouteTable::Build({{Tool::descriptor()->file(), 0}}));
  const auto match = table->Match(verb, path);
  REQUIRE(match.ok());
  return Weave(*match, parts, request);
}

TEST_CASE("path variables are decoded and may be nested") {
  GetToolRequest request;
  REQUIRE_THAT(WeaveInto(request, "GET", "/makers/Ada%20L/tools/a%2Fb+c", {}), IsOk());
  CHECK(request.maker().name() == "Ada L");
  CHECK(request.name() == "a/b+c");
}

TEST_CASE("query parameters are decoded, nested, repeated, and taken in both spellings") {
  GetToolRequest request;
  REQUIRE_THAT(WeaveInto(request, "GET", "/tools/x",
                         {.query = "page_numbers=1&pageNumbers=2&kind=saw&maxPrice=150.25&maker.teacher.name=A+%26+B"
                                   "&unknown=1&maker=x&maker.nope=1&&=&flag"}),
               IsOk());
  CHECK(request.page_numbers_size() == 2);
  CHECK(request.page_numbers(1) == 2);
  CHECK(request.kind() == test::v1::TOOL_KIND_SAW);
  CHECK(request.max_price().micros() == 150'250'000);
  CHECK(request.maker().teacher().name() == "A & B");
}

TEST_CASE("an empty query parameter that is no text counts as not given") {
  GetToolRequest request;
  CHECK_THAT(WeaveInto(request, "GET", "/tools/x", {.query = "max_price=&kind=&page_numbers="}), IsOk());
  CHECK_FALSE(request.has_max_price());
}

TEST_CASE("every wrong parameter of query, body and path is named at once") {
  ReplaceToolRequest request;
  const absl::Status status =
      WeaveInto(request, "PUT", "/tools/%FF", {.query = "quiet=maybe", .body = R"({"price":"x","serial":1.5})"});
  CHECK_THAT(status, HasReason(Reason::kINVALID_ARGUMENT));
  CHECK_THAT(status, NamesField("quiet"));
  CHECK_THAT(status, NamesField("tool.price"));
  CHECK_THAT(status, NamesField("tool.serial"));
  CHECK_THAT(status, NamesField("name"));
  CHECK(DetailsOf(status).violations.size() == 4);
}

TEST_CASE("a parameter given twice and broken escapes are refused") {
  GetToolRequest request;
  CHECK_THAT(WeaveInto(request, "GET", "/tools/x", {.query = "max_price=1&maxPrice=2"}), NamesField("maxPrice"));
  CHECK_THAT(WeaveInto(request, "GET", "/tools/x", {.query = "a=%zz"}), HasReason(Reason::kMALFORMED_REQUEST));
  CHECK_THAT(WeaveInto(request, "GET", "/tools/%", {}), HasReason(Reason::kMALFORMED_REQUEST));
}

TEST_CASE("where a field is given twice the path wins over the body, the body over the query") {
  GetToolRequest request;
  REQUIRE_THAT(WeaveInto(request, "POST", "/fail/path",
                         {.query = "name=query&max_price=1&page_numbers=1",
                          .body = R"({"name":"body","max_price":2,"page_numbers":[7,8]})"}),
               IsOk());
  CHECK(request.name() == "path");
  CHECK(request.max_price().micros() == 2'000'000);
  CHECK(request.page_numbers_size() == 2);
}

TEST_CASE("an empty body is an empty object, and a body where none is expected is ignored") {
  GetToolRequest request;
  CHECK_THAT(WeaveInto(request, "POST", "/fail/x", {.content_type = "text/plain"}), IsOk());
  CHECK_THAT(WeaveInto(request, "GET", "/tools/x", {.content_type = "text/plain", .body = "whatever"}), IsOk());
}

TEST_CASE("only JSON in UTF-8 is taken as a body") {
  for (const char* good :
       {"", "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"", "application/vnd.api+json", "application/json ; v=1"}) {
    CAPTURE(good);
    CHECK(IsJsonType(good));
  }
  for (const char* bad : {"text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data",
                          "application/jsonx", "application/json; charset=latin1", "application/+json", "json"}) {
    CAPTURE(bad);
    CHECK_FALSE(IsJsonType(bad));
    GetToolRequest request;
    CHECK_THAT(WeaveInto(request, "POST", "/fail/x", {.content_type = bad, .body = "{}"}),
               HasReason(Reason::kUNSUPPORTED_MEDIA_TYPE));
  }
}

}  // namespace
}  // namespace papertape::gateway
