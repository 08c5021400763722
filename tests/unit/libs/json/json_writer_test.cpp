#include "libs/json/json_writer.h"

#include <cmath>
#include <limits>

#include "papertape/test/v1/workshop_service.pb.h"
#include "tests/support/catch.h"

namespace papertape::json {
namespace {

using Catch::Matchers::EndsWith;
using test::v1::Maker;
using test::v1::Tool;

TEST_CASE("an empty message prints zeros, nulls, empty lists and empty maps") {
  CHECK(ToJson(Tool()) ==
        R"({"name":"","price":null,"serial":0,"count":0,"shelf":0,"barcode":0,"weight":0,"length":0,"sharp":false,)"
        R"("kind":null,"picture":"","made_at":null,"maker":null,"note":null,"tags":[],"former_makers":[],"prices":[],)"
        R"("labels":{},"makers_by_year":{},"extra":null,"kinds":[],"reserved_for_us":null,"camel":null})");
}

TEST_CASE("every kind of field prints as the contract says") {
  Tool tool;
  tool.set_name("saw \"A\"");
  tool.mutable_price()->set_micros(150'250'000);
  tool.set_serial(std::numeric_limits<std::int64_t>::max());
  tool.set_count(-7);
  tool.set_barcode(std::numeric_limits<std::uint64_t>::max());
  tool.set_weight(0.1);
  tool.set_length(1.5F);
  tool.set_sharp(true);
  tool.set_kind(test::v1::TOOL_KIND_SAW);
  tool.set_picture("foob");
  tool.mutable_made_at()->set_seconds(1'772'461'800);
  tool.mutable_made_at()->set_nanos(250'000'000);
  tool.mutable_maker()->set_name("Ada");
  tool.set_note("");
  tool.add_tags("a");
  tool.add_tags("b");
  tool.add_former_makers()->set_name("Bo");
  tool.add_prices()->set_micros(-1);
  (*tool.mutable_labels())["z"] = "1";
  (*tool.mutable_labels())["a"] = "2";
  (*tool.mutable_makers_by_year())[1999].set_name("Cy");
  tool.set_extra(R"({"deep":[1,2]})");
  tool.set_secret_mark("x");
  tool.add_kinds(test::v1::TOOL_KIND_HAMMER);
  tool.add_kinds(test::v1::TOOL_KIND_UNSPECIFIED);
  tool.set_reserved_for_us(false);
  CHECK(ToJson(tool) ==
        R"({"name":"saw \"A\"","price":150.25,"serial":9223372036854775807,"count":-7,"shelf":0,)"
        R"("barcode":18446744073709551615,"weight":0.1,"length":1.5,"sharp":true,"kind":"SAW","picture":"Zm9vYg==",)"
        R"("made_at":"2026-03-02T14:30:00.25Z","maker":{"name":"Ada","teacher":null},"note":"","tags":["a","b"],)"
        R"("former_makers":[{"name":"Bo","teacher":null}],"prices":[-0.000001],"labels":{"a":"2","z":"1"},)"
        R"("makers_by_year":{"1999":{"name":"Cy","teacher":null}},"extra":{"deep":[1,2]},"secret_mark":"x",)"
        R"("kinds":["HAMMER",null],"reserved_for_us":false,"camel":null})");
}

TEST_CASE("a flattened map stands among the fields, and leaves nothing where it is empty") {
  Tool tool;
  CHECK_THAT(ToJson(tool), EndsWith(R"("camel":null})"));
  (*tool.mutable_readings())["rsi_14"] = 51.5;
  (*tool.mutable_readings())["adx \"14\""] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(ToJson(tool), EndsWith(R"("camel":null,"adx \"14\"":null,"rsi_14":51.5})"));
}

TEST_CASE("a message that asks for it prints its JSON names") {
  test::v1::CamelTool camel;
  camel.set_mongo_id("507f");
  camel.mutable_entry_price()->set_micros(150'000'000);
  CHECK(ToJson(camel) == R"({"_id":"507f","entryPrice":150})");
}

TEST_CASE("a double prints the shortest text that reads back equal, and null when it is no number") {
  const auto print = [](double value) {
    std::string out;
    Tool tool;
    tool.set_weight(value);
    WriteField(*PlanOf(*Tool::descriptor()).Find("weight"), tool, out);
    return out;
  };
  CHECK(print(100) == "100");
  CHECK(print(0.1 + 0.2) == "0.30000000000000004");
  CHECK(print(5e-324) == "5e-324");
  CHECK(print(std::nan("")) == "null");
  CHECK(print(-std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("an unknown enum number and a time beyond RFC 3339 print as null") {
  Tool tool;
  tool.set_kind(static_cast<test::v1::ToolKind>(99));
  tool.mutable_made_at()->set_seconds(std::numeric_limits<std::int64_t>::max());
  const std::string json = ToJson(tool);
  CHECK(json.find(R"("kind":null)") != std::string::npos);
  CHECK(json.find(R"("made_at":null)") != std::string::npos);
}

TEST_CASE("a message that contains its own type prints") {
  Maker maker;
  maker.mutable_teacher()->mutable_teacher()->set_name("root");
  CHECK(ToJson(maker) == R"({"name":"","teacher":{"name":"","teacher":{"name":"root","teacher":null}}})");
}

}  // namespace
}  // namespace papertape::json
