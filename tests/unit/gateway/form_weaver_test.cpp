#include "gateway/form_weaver.h"

#include "gateway/request_weaver.h"
#include "gateway/route_table.h"
#include "libs/json/json_writer.h"
#include "papertape/market_data/v1/ingestion_service.pb.h"
#include "papertape/test/v1/workshop_service.pb.h"
#include "tests/support/matchers.h"

namespace papertape::gateway {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using test::v1::HangPicturesRequest;

FormPart Text(const std::string& name, std::string_view content) { return {.name = name, .content = content}; }
FormPart File(const std::string& name, const std::string& file_name, std::string_view content) {
  return {.name = name, .file_name = file_name, .content = content};
}

struct Woven {
  HangPicturesRequest request;
  absl::Status status;
  // "title file_name content" of each picture.
  [[nodiscard]] std::vector<std::string> pictures() const {
    std::vector<std::string> all;
    for (const auto& picture : request.pictures()) {
      all.push_back(picture.title() + " " + picture.file_name() + " " + picture.content());
    }
    return all;
  }
};

Woven Weave(const std::vector<FormPart>& parts) {
  Woven woven;
  Violations violations;
  WeaveForm(parts, json::PlanOf(*HangPicturesRequest::descriptor()), woven.request, violations);
  woven.status = violations.ToStatus();
  return woven;
}

TEST_CASE("parts that are named in full fill messages and lists") {
  const Woven woven = Weave({Text("room", "hall"), Text("floor", "2"), Text("tags", "a"), Text("tags", "b"),
                             Text("maker.name", "Ada"), Text("pictures[0].title", "one"),
                             File("pictures[1].content", "2.png", "two"), Text("pictures[0].content", "one!"),
                             Text("pictures[1].years", "1901"), Text("pictures[1].years", "1902")});
  REQUIRE_THAT(woven.status, IsOk());
  CHECK(woven.request.room() == "hall");
  CHECK(woven.request.floor() == 2);
  CHECK(woven.request.tags_size() == 2);
  CHECK(woven.request.maker().name() == "Ada");
  CHECK(woven.pictures() == std::vector<std::string>{"one  one!", " 2.png two"});
  CHECK(woven.request.pictures(1).years_size() == 2);
}

TEST_CASE("parts that are named like an element's fields fill one element after another") {
  const std::vector<std::string> both{"one 1.png a", "two 2.png b"};
  CHECK(Weave({Text("title", "one"), File("file", "1.png", "a"), Text("title", "two"), File("file", "2.png", "b")})
            .pictures() == both);
  CHECK(Weave({File("file", "1.png", "a"), Text("title", "one"), File("content", "2.png", "b"), Text("title", "two")})
            .pictures() == both);
  CHECK(Weave({File("pictures", "1.png", "a"), Text("title", "one"), File("pictures", "2.png", "b"),
               Text("title", "two")})
            .pictures() == both);
}

TEST_CASE("a name that is given by its own part wins over the file's, wherever it stands") {
  const std::vector<std::string> named{" mine.png a"};
  CHECK(Weave({File("file", "1.png", "a"), Text("file_name", "mine.png")}).pictures() == named);
  CHECK(Weave({Text("file_name", "mine.png"), File("file", "1.png", "a")}).pictures() == named);
}

TEST_CASE("bytes come as they are in a file, and as base64 elsewhere") {
  const Woven woven = Weave({File("file", "x", std::string_view("\0\xff", 2)), Text("stamp", "AP8=")});
  REQUIRE_THAT(woven.status, IsOk());
  CHECK(woven.request.pictures(0).content() == std::string("\0\xff", 2));
  CHECK(woven.request.pictures(0).stamp() == std::string("\0\xff", 2));
}

TEST_CASE("unknown parts and files that nobody chose are passed over") {
  const Woven woven =
      Weave({Text("unknown", "x"), Text("pictures", "x"), Text("maker", "x"), Text("maker.nope", "x"),
             Text("pictures[x].title", "x"), Text("pictures[0", "x"), Text("pictures[-1].title", "x"), Text("", "x"),
             Text("[0]", "x"), Text("..", "x"), File("file", "", ""), Text("guests", "x"), File("guests", "x", "x")});
  CHECK_THAT(woven.status, IsOk());
  CHECK(woven.request.pictures_size() == 0);
}

TEST_CASE("every wrong part is named") {
  const std::string not_utf8 = "\xff";
  const Woven woven =
      Weave({Text("floor", "two"), Text("room", "a"), Text("room", "b"), File("room", "x", "x"),
             Text("pictures[0].title", not_utf8), Text("pictures[2].title", "gap"), File("pictures[0].stamp", "x", "x"),
             File("maker.name", "x", "x"), Text("guests[7].name", "x")});
  CHECK_THAT(woven.status, NamesField("floor"));
  CHECK_THAT(woven.status, NamesField("room"));
  CHECK_THAT(woven.status, NamesField("pictures[0].title"));
  CHECK_THAT(woven.status, NamesField("pictures"));
  CHECK_THAT(woven.status, NamesField("pictures[0].stamp"));
  CHECK_THAT(woven.status, NamesField("maker.name"));
  CHECK_THAT(woven.status, NamesField("guests"));
  CHECK(woven.request.pictures_size() == 1);
}

TEST_CASE("CSV is the file of a route that takes one, and of no other") {
  const RouteTable table = *RouteTable::Build({{market_data::v1::ImportReport::descriptor()->file(), 0}});
  const auto weave = [&](const char* path, std::string_view type, google::protobuf::Message& request) {
    return Weave(*table.Match("POST", path), {.query = "dry_run=true", .content_type = type, .body = "symbol,date"},
                 request);
  };
  market_data::v1::ImportBarsRequest request;
  REQUIRE_THAT(weave("/data/import", "Text/CSV; charset=utf-8", request), IsOk());
  CHECK(request.csv() == "symbol,date");
  CHECK(request.dry_run());
  CHECK_THAT(weave("/data/import", "text/plain", request), HasReason(Reason::kUNSUPPORTED_MEDIA_TYPE));
  market_data::v1::IngestStocksRequest other;
  CHECK_THAT(weave("/data/ingest/stocks", "text/csv", other), HasReason(Reason::kUNSUPPORTED_MEDIA_TYPE));
}

TEST_CASE("a route takes a form where its request says so, and JSON always") {
  const RouteTable table = *RouteTable::Build({{test::v1::Tool::descriptor()->file(), 0}});
  const std::string form = "--b\r\nContent-Disposition: form-data; name=room\r\n\r\nhall\r\n--b--\r\n";
  const auto weave = [&](const char* path, std::string_view type, std::string_view body,
                         google::protobuf::Message& request) {
    return Weave(*table.Match("POST", path), {.content_type = type, .body = body}, request);
  };
  HangPicturesRequest request;
  REQUIRE_THAT(weave("/pictures", "multipart/form-data; boundary=b", form, request), IsOk());
  CHECK(request.room() == "hall");
  CHECK_THAT(weave("/pictures", "application/json", R"({"room":"attic"})", request), IsOk());
  CHECK_THAT(weave("/pictures", "multipart/mixed; boundary=b", form, request),
             HasReason(Reason::kUNSUPPORTED_MEDIA_TYPE));
  CHECK_THAT(weave("/pictures", "multipart/form-data", form, request), HasReason(Reason::kMALFORMED_REQUEST));
  test::v1::Tool tool;
  CHECK_THAT(weave("/tools/create", "multipart/form-data; boundary=b", form, tool),
             HasReason(Reason::kUNSUPPORTED_MEDIA_TYPE));
}

}  // namespace
}  // namespace papertape::gateway
