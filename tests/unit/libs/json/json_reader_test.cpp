#include "libs/json/json_reader.h"

#include <string>
#include <vector>

#include "libs/json/json_writer.h"
#include "papertape/test/v1/workshop_service.pb.h"
#include "tests/support/matchers.h"

namespace papertape::json {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using test::v1::Tool;

std::string Nested(std::size_t depth) {
  std::string text = R"({"unknown":)";
  text.append(depth - 1, '[');
  text.append(depth - 1, ']');
  return text + '}';
}

TEST_CASE("a change knows which names were given, and null among them means to clear") {
  test::v1::ChangeToolRequest change;
  REQUIRE_THAT(ReadJson(R"({"note": null, "maker": {"name": "Bo"}, "unknown": 1, "update_mask": "name"})", change),
               IsOk());
  CHECK_FALSE(change.has_note());
  REQUIRE(change.update_mask().paths_size() == 2);  // what stands inside `maker` is no name of the change
  CHECK(change.update_mask().paths(0) == "note");
  CHECK(change.update_mask().paths(1) == "maker");
}

TEST_CASE("what the writer prints is what the reader reads") {
  Tool tool;
  tool.set_name("saw \"A\" \xE2\x82\xAC");
  tool.mutable_price()->set_micros(150'250'000);
  tool.set_serial(-9'007'199'254'740'993);
  tool.set_barcode(18'446'744'073'709'551'615U);
  tool.set_weight(1.0 / 3);
  tool.set_sharp(true);
  tool.set_kind(test::v1::TOOL_KIND_SAW);
  tool.set_picture(std::string("\0\xFF\x01", 3));
  tool.mutable_made_at()->set_seconds(-1);
  tool.mutable_made_at()->set_nanos(250'000'000);
  tool.mutable_maker()->mutable_teacher()->set_name("root");
  tool.set_note("");
  tool.add_tags("a");
  tool.add_former_makers()->set_name("Bo");
  tool.add_prices()->set_micros(-1);
  (*tool.mutable_labels())["k"] = "v";
  (*tool.mutable_makers_by_year())[1999].set_name("Cy");
  tool.set_extra(R"({"deep":[1,{"x":null}]})");
  tool.add_kinds(test::v1::TOOL_KIND_HAMMER);
  tool.set_reserved_for_us(false);
  tool.mutable_camel()->set_mongo_id("507f");
  Tool read;
  REQUIRE_THAT(ReadJson(ToJson(tool), read), IsOk());
  CHECK(ToJson(read) == ToJson(tool));
}

TEST_CASE("names come in snake_case and camelCase, unknown ones are ignored, null leaves a field unset") {
  Tool tool;
  REQUIRE_THAT(ReadJson(R"({"madeAt":"2026-03-02T14:30:00Z","note":null,"price":null,"tags":null,"maker":null,)"
                        R"("unknown":{"a":[1,{"b":2}],"c":"d"},"former_makers":[{"name":"x","nope":[[]]}],)"
                        R"("camel":{"_id":"5","entry_price":1}})",
                        tool),
               IsOk());
  CHECK(tool.made_at().seconds() == 1'772'461'800);
  CHECK_FALSE(tool.has_note());
  CHECK_FALSE(tool.has_price());
  CHECK_FALSE(tool.has_maker());
  CHECK(tool.former_makers(0).name() == "x");
  CHECK(tool.camel().entry_price().micros() == 1'000'000);
}

TEST_CASE("a value may be written in more than one way") {
  struct Case {
    const char* json;
    const char* prints;  // part of the message printed
  };
  for (const auto& [json, prints] : std::vector<Case>{
           {R"({"price":"150.25"})", R"("price":150.25,)"},
           {R"({"price":1.5e2})", R"("price":150,)"},
           {R"({"price":-0.000001})", R"("price":-0.000001,)"},
           {R"({"serial":"12"})", R"("serial":12,)"},
           {R"({"serial":12.0})", R"("serial":12,)"},
           {R"({"serial":1e3})", R"("serial":1000,)"},
           {R"({"serial":9223372036854775807})", R"("serial":9223372036854775807,)"},
           {R"({"weight":"2.5"})", R"("weight":2.5,)"},
           {R"({"weight":1e308})", R"("weight":1e+308,)"},
           {R"({"sharp":"True"})", R"("sharp":true,)"},
           {R"({"kind":"saw"})", R"("kind":"SAW",)"},
           {R"({"kind":"TOOL_KIND_SAW"})", R"("kind":"SAW",)"},
           {R"({"made_at":"2026-03-02T20:00:00+05:30"})", R"("made_at":"2026-03-02T14:30:00Z")"},
           {R"({"made_at":"2026-03-02T14:30:00"})", R"("made_at":"2026-03-02T14:30:00Z")"},
           {R"({"made_at":"2026-03-02"})", R"("made_at":"2026-03-02T00:00:00Z")"},
           {R"({"extra":{"a": [1]}})", R"("extra":{"a": [1]},)"},
           {R"({"extra":[1, 2]})", R"("extra":[1, 2],)"},
           {R"({"extra":"text"})", R"("extra":"text",)"},
           {R"({"extra":1.50})", R"("extra":1.50,)"},
           {R"({"extra":true})", R"("extra":true,)"},
           {R"({"extra":null})", R"("extra":null,)"},
           {"\r\n\t {\"name\":\"\\u20ac\"} \n", "\"name\":\"\xE2\x82\xAC\""},
       }) {
    CAPTURE(json);
    Tool tool;
    CHECK_THAT(ReadJson(json, tool), IsOk());
    CHECK_THAT(ToJson(tool), Catch::Matchers::Contains(prints));
  }
}

TEST_CASE("a wrong value is refused by the path of its field") {
  struct Case {
    const char* json;
    const char* field;
  };
  for (const auto& [json, field] : std::vector<Case>{
           {R"({"price":1.0000001})", "price"},
           {R"({"price":1e400})", "price"},
           {R"({"price":"1e400"})", "price"},
           {R"({"price":NaN})", "price"},
           {R"({"price":"NaN"})", "price"},
           {R"({"price":-Infinity})", "price"},
           {R"({"price":9999999999999999})", "price"},
           {R"({"price":true})", "price"},
           {R"({"price":{}})", "price"},
           {R"({"price":[1]})", "price"},
           {R"({"price":""})", "price"},
           {R"({"serial":1.5})", "serial"},
           {R"({"serial":9223372036854775808})", "serial"},
           {R"({"serial":"twelve"})", "serial"},
           {R"({"count":2147483648})", "count"},
           {R"({"shelf":-1})", "shelf"},
           {R"({"weight":NaN})", "weight"},
           {R"({"weight":"inf"})", "weight"},
           {R"({"weight":"1e400"})", "weight"},
           {R"({"length":1e39})", "length"},
           {R"({"sharp":2})", "sharp"},
           {R"({"sharp":"maybe"})", "sharp"},
           {R"({"kind":"AXE"})", "kind"},
           {R"({"kind":"UNSPECIFIED"})", "kind"},
           {R"({"kind":1})", "kind"},
           {R"({"picture":"*"})", "picture"},
           {R"({"made_at":"yesterday"})", "made_at"},
           {R"({"made_at":1772461800})", "made_at"},
           {R"({"maker":"Ada"})", "maker"},
           {R"({"maker":[]})", "maker"},
           {R"({"name":5})", "name"},
           {R"({"name":"a\u0000b"})", "name"},
           {R"({"tags":"a"})", "tags"},
           {R"({"tags":{}})", "tags"},
           {R"({"tags":["a",5]})", "tags[1]"},
           {R"({"tags":["a",null]})", "tags[1]"},
           {R"({"tags":[["a"]]})", "tags[0]"},
           {R"({"prices":[1,2,1e400]})", "prices[2]"},
           {R"({"former_makers":[{},{"name":5}]})", "former_makers[1].name"},
           {R"({"formerMakers":[{"teacher":{"name":[]}}]})", "formerMakers[0].teacher.name"},
           {R"({"labels":[]})", "labels"},
           {R"({"labels":{"a":5}})", "labels.a"},
           {R"({"makers_by_year":{"x":{}}})", "makers_by_year.x"},
           {R"({"makers_by_year":{"1":{"name":1}}})", "makers_by_year.1.name"},
           {R"({"extra":NaN})", "extra"},
           {R"({"extra":{"a":[NaN]}})", "extra"},
           {R"({"name":"a","name":"b"})", "name"},
           {R"({"made_at":null,"madeAt":null})", "madeAt"},
       }) {
    CAPTURE(json);
    Tool tool;
    const absl::Status status = ReadJson(json, tool);
    CHECK_THAT(status, HasReason(Reason::kINVALID_ARGUMENT));
    CHECK_THAT(status, NamesField(field));
  }
}

TEST_CASE("all wrong fields are named at once") {
  Tool tool;
  const absl::Status status = ReadJson(R"({"price":"x","serial":1.5,"tags":[1],"name":"fine"})", tool);
  CHECK(DetailsOf(status).violations.size() == 3);
  CHECK_THAT(status, NamesField("tags[0]"));
}

TEST_CASE("what is not JSON is malformed, with the offset") {
  for (const std::string& text : {std::string(""),
                                  std::string("   "),
                                  std::string("{"),
                                  std::string("}"),
                                  std::string("{]"),
                                  std::string("[}"),
                                  std::string("{\"name\"}"),
                                  std::string("{\"name\":}"),
                                  std::string("{\"name\":\"a\",}"),
                                  std::string("{\"tags\":[\"a\",]}"),
                                  std::string("{name:\"a\"}"),
                                  std::string("{'name':'a'}"),
                                  std::string("{\"name\":\"a\"} x"),
                                  std::string("{\"name\":\"a\"}{}"),
                                  std::string("{\"name\":\"a"),
                                  std::string("{\"name\":\"\n\"}"),
                                  std::string("{\"name\":\"\\x\"}"),
                                  std::string("{\"name\":\"\\ud800\"}"),
                                  std::string("{\"name\":\"\xFF\"}"),
                                  std::string("{\"name\":\"\xC0\x80\"}"),
                                  std::string("{\"\xFF\":1}"),
                                  std::string("// c\n{}"),
                                  std::string("{\"serial\":01}"),
                                  std::string("{\"serial\":+1}"),
                                  std::string("{\"serial\":1.}"),
                                  std::string("{\"serial\":.5}"),
                                  std::string("{\"serial\":0x10}"),
                                  std::string("{}\0", 3),
                                  std::string("{}\0{}", 5),
                                  std::string("\xEF\xBB\xBF{}"),
                                  std::string("[]"),
                                  std::string("5"),
                                  std::string("\"text\""),
                                  std::string("null"),
                                  std::string("true")}) {
    CAPTURE(text);
    Tool tool;
    CHECK_THAT(ReadJson(text, tool), HasReason(Reason::kMALFORMED_REQUEST));
  }
  Tool tool;
  CHECK_THAT(std::string(MessageOf(ReadJson(R"({"name":"a",})", tool))), Catch::Matchers::Contains("byte 12"));
}

TEST_CASE("nesting is limited and costs no stack") {
  Tool tool;
  CHECK_THAT(ReadJson(Nested(kMaxDepth), tool), IsOk());
  for (const std::size_t depth : {std::size_t{kMaxDepth} + 1, std::size_t{10'000}, std::size_t{1'000'000}}) {
    CHECK_THAT(ReadJson(Nested(depth), tool), HasReason(Reason::kMALFORMED_REQUEST));
  }
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"maker":)";
  CHECK_THAT(ReadJson(objects, tool), HasReason(Reason::kMALFORMED_REQUEST));
}

TEST_CASE("every text that is cut short is refused, none crashes") {
  const std::string whole =
      R"({"name":"a","price":1.5,"tags":["x"],"maker":{"name":"m"},"labels":{"k":"v"},"extra":{"a":[1]},"sharp":true})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Tool tool;
    CHECK_THAT(ReadJson(whole.substr(0, length), tool), HasReason(Reason::kMALFORMED_REQUEST));
  }
}

TEST_CASE("one field can be the whole body") {
  const MessagePlan& plan = PlanOf(*Tool::descriptor());
  Tool tool;
  Violations violations;
  CHECK_THAT(ReadField(R"({"name":"Ada"})", *plan.Find("maker"), tool, violations), IsOk());
  CHECK_THAT(ReadField(R"(["a","b"])", *plan.Find("tags"), tool, violations), IsOk());
  CHECK_THAT(ReadField("1.5", *plan.Find("price"), tool, violations), IsOk());
  CHECK_THAT(violations.ToStatus(), IsOk());
  CHECK(tool.maker().name() == "Ada");
  CHECK(tool.tags_size() == 2);
  CHECK(tool.price().micros() == 1'500'000);
  CHECK_THAT(ReadField(R"({"name":5})", *plan.Find("maker"), tool, violations), IsOk());
  CHECK_THAT(violations.ToStatus(), NamesField("maker.name"));
}

}  // namespace
}  // namespace papertape::json
