#include "gateway/route_table.h"

#include <google/protobuf/descriptor.pb.h>

#include "papertape/test/v1/workshop_service.pb.h"
#include "tests/support/matchers.h"

namespace papertape::gateway {
namespace {

using papertape::testing::HasReason;
using test::v1::Tool;

RouteTable Workshop() {
  absl::StatusOr<RouteTable> table = RouteTable::Build({{Tool::descriptor()->file(), 3}});
  REQUIRE(table.ok());
  return *std::move(table);
}

TEST_CASE("a request finds its method and the parts of its path") {
  const RouteTable table = Workshop();
  struct Case {
    const char* verb;
    const char* path;
    const char* rpc;
    std::vector<std::string_view> values;
  };
  for (const auto& [verb, path, rpc, values] : std::vector<Case>{
           {"POST", "/tools/create", "CreateTool", {}},
           {"GET", "/tools/saw", "GetTool", {"saw"}},
           {"HEAD", "/tools/saw", "GetTool", {"saw"}},
           {"GET", "/tools/current", "ListTools", {}},
           {"GET", "/tools/cur%72ent", "ListTools", {}},
           {"PUT", "/tools/current", "ReplaceTool", {"current"}},
           {"GET", "/tools/create", "GetTool", {"create"}},
           {"GET", "/tools/%5ENSEI", "GetTool", {"%5ENSEI"}},
           {"GET", "/tools/^NSEI", "GetTool", {"^NSEI"}},
           {"GET", "/tools/a%2Fb", "GetTool", {"a%2Fb"}},
           {"GET", "/makers/ada/tools/saw", "GetTool", {"ada", "saw"}},
           {"GET", "/pages/a/b/c", "GetPage", {"a/b/c"}},
           {"GET", "/pages", "GetPage", {""}},
           {"GET", "/api/v1/tools/saw", "GetTool", {"saw"}},
           {"GET", "/api/v1/tools/saw///", "GetTool", {"saw"}},
           {"POST", "/tools/create/", "CreateTool", {}},
       }) {
    CAPTURE(verb, path);
    const auto match = table.Match(verb, path);
    REQUIRE(match.ok());
    CHECK(match->route->rpc == std::string("/papertape.test.v1.WorkshopService/") + rpc);
    CHECK(match->route->upstream == 3);
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(match->values[i] == values[i]);
  }
}

TEST_CASE("what is no route is not found") {
  const RouteTable table = Workshop();
  for (const char* path : {"/", "", "/nothing", "/tools", "/tools/", "/tools//saw", "/tools/saw/more",
                           "/makers//tools/x", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1tools/saw",
                           "/api/v1/api/v1/tools/saw", "/TOOLS/saw", "/hidden", "/tools/%",
                           "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/"
                           "a/b/c/d/e/f/g/h/i/j/k"}) {
    CAPTURE(path);
    if (std::string_view(path) == "/tools/%") {
      // The escape is the weaver's to refuse: only it knows that the value is used.
      CHECK(table.Match("GET", path).ok());
    } else {
      CHECK_THAT(table.Match("GET", path).status(), HasReason(Reason::kROUTE_NOT_FOUND));
    }
  }
}

TEST_CASE("a known path with another verb is 405 and says which verbs there are") {
  const RouteTable table = Workshop();
  const absl::Status status = table.Match("DELETE", "/api/v1/tools/current").status();
  CHECK_THAT(status, HasReason(Reason::kMETHOD_NOT_ALLOWED));
  CHECK(DetailsOf(status).metadata.at("allow") == "GET, HEAD, OPTIONS, PUT");
  CHECK(table.AllowedVerbs("/tools/create") == "GET, HEAD, OPTIONS, POST, PUT");
  CHECK(table.AllowedVerbs("/fail/x/") == "OPTIONS, POST");
  CHECK(table.AllowedVerbs("/nothing").empty());
}

TEST_CASE("internal methods and methods without a rule are never routed") {
  const RouteTable table = Workshop();
  for (const auto& route : table.routes()) CHECK(route->rpc.find("Hidden") == std::string::npos);
  CHECK(table.routes().size() == 9);  // six methods, one with two paths
}

TEST_CASE("two methods on one route are refused at start") {
  const auto* file = Tool::descriptor()->file();
  const absl::Status status = RouteTable::Build({{file, 0}, {file, 1}}).status();
  CHECK_FALSE(status.ok());
  CHECK_THAT(std::string(MessageOf(status)), Catch::Matchers::Contains("/tools/create"));
}

}  // namespace
}  // namespace papertape::gateway
