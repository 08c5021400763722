#include "gateway/multipart.h"

#include "tests/support/matchers.h"

namespace papertape::gateway {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;

const std::string kType = "multipart/form-data; boundary=XyZ";

std::string Part(const std::string& head, const std::string& content) {
  return "--XyZ\r\n" + head + "\r\n\r\n" + content + "\r\n";
}
std::string Named(const std::string& disposition) { return "Content-Disposition: form-data; " + disposition; }

absl::StatusOr<std::vector<FormPart>> Parse(const std::string& body, const std::string& type = kType) {
  return ParseForm(type, body);
}

TEST_CASE("a form as curl writes it is read") {
  const std::string body = Part(Named("name=\"document_type\""), "passport") +
                           Part(Named("name=\"file\"; filename=\"my pass.pdf\"") + "\r\nContent-Type: application/pdf",
                                std::string("\0\r\n--Xy\r\n\r\n--", 13)) +
                           "--XyZ--\r\n";
  const auto parts = Parse(body);
  REQUIRE_THAT(parts.status(), IsOk());
  REQUIRE(parts->size() == 2);
  CHECK((*parts)[0].name == "document_type");
  CHECK_FALSE((*parts)[0].file_name.has_value());
  CHECK((*parts)[0].content == "passport");
  CHECK((*parts)[1].name == "file");
  CHECK((*parts)[1].file_name == "my pass.pdf");
  CHECK((*parts)[1].content == std::string_view("\0\r\n--Xy\r\n\r\n--", 13));
}

TEST_CASE("a form without parts, and parts without content, are read") {
  CHECK(Parse("--XyZ--")->empty());
  const auto parts = Parse(Part(Named("name=a"), "") + Part(Named("name=b; filename="), "") + "--XyZ--");
  REQUIRE_THAT(parts.status(), IsOk());
  CHECK((*parts)[0].content.empty());
  CHECK((*parts)[1].file_name == "");
}

TEST_CASE("names are read as clients escape them") {
  const auto name_of = [](const std::string& written) {
    const auto parts = Parse(Part(Named("name=" + written), "x") + "--XyZ--");
    REQUIRE_THAT(parts.status(), IsOk());
    return parts->front().name;
  };
  CHECK(name_of("\"a\\\"b\"") == "a\"b");
  CHECK(name_of("\"a%22b\"") == "a\"b");
  CHECK(name_of("\"C:\\temp\\a\"") == "C:\\temp\\a");
  CHECK(name_of("\"a;b=c\"; filename=\"x\"") == "a;b=c");
  CHECK(name_of("plain ; filename=x") == "plain");
  CHECK(name_of("\"\xc3\x84\"") == "\xc3\x84");
}

TEST_CASE("a boundary may be quoted and of any allowed characters, and is found in its line alone") {
  const std::string type = "Multipart/Form-Data ; charset=utf-8; Boundary=\"a b'()+_,-./:=?\"";
  const std::string part = "--a b'()+_,-./:=?\r\n" + Named("name=x") + "\r\n\r\n--a b\r\n--a b'()+_,-./:=?--\r\n\r\n";
  const auto parts = Parse(part, type);
  REQUIRE_THAT(parts.status(), IsOk());
  CHECK(parts->front().content == "--a b");
}

TEST_CASE("what is no form is refused") {
  const std::string good = Part(Named("name=a"), "x");
  for (const auto& [body, type] : std::vector<std::pair<std::string, std::string>>{
           {good + "--XyZ--", "multipart/form-data"},
           {good + "--XyZ--", "multipart/form-data; boundary="},
           {good + "--XyZ--", "multipart/form-data; boundary=" + std::string(71, 'a')},
           {good + "--XyZ--", "multipart/form-data; boundary=\"XyZ"},
           {good + "--XyZ--", "multipart/form-data; boundary=XyZ; boundary=XyZ"},
           {good + "--XyZ--", "multipart/form-data; boundary=X\xc3\x84"},
           {"", kType},
           {"preamble\r\n" + good + "--XyZ--", kType},
           {good, kType},               // no end
           {good + "--XyZ--x", kType},  // something behind it
           {good + "--XyZ-", kType},
           {"--XyZ\n" + Named("name=a") + "\n\nx\n--XyZ--", kType},  // lines without carriage returns
           {"--XyZ \r\n" + Named("name=a") + "\r\n\r\nx\r\n--XyZ--", kType},
           {Part("", "x") + "--XyZ--", kType},  // no head
           {Part("Content-Type: text/plain", "x") + "--XyZ--", kType},
           {Part(Named("filename=a"), "x") + "--XyZ--", kType},
           {Part(Named("name=\"\""), "x") + "--XyZ--", kType},
           {Part(Named("name=\"a"), "x") + "--XyZ--", kType},
           {Part(Named("name=a; name=b"), "x") + "--XyZ--", kType},
           {Part(Named("name=a") + "\r\n" + Named("name=b"), "x") + "--XyZ--", kType},
           {Part("Content-Disposition: attachment; name=a", "x") + "--XyZ--", kType},
           {Part(Named("name=a") + "\r\n folded", "x") + "--XyZ--", kType},
           {Part(Named("name=a") + "\r\nNo colon", "x") + "--XyZ--", kType},
           {Part(Named("name=a\nb"), "x") + "--XyZ--", kType},
           {Part(Named("name=a") + "\r\nContent-Transfer-Encoding: base64", "eA==") + "--XyZ--", kType},
           {"--XyZ\r\n" + Named("name=" + std::string(5'000, 'a')) + "\r\n\r\nx\r\n--XyZ--", kType}}) {
    CAPTURE(body, type);
    CHECK_THAT(Parse(body, type).status(), HasReason(Reason::kMALFORMED_REQUEST));
  }
}

TEST_CASE("a form that was cut anywhere is refused") {
  const std::string whole = Part(Named("name=a; filename=b"), "x") + Part(Named("name=c"), "y") + "--XyZ--";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THAT(Parse(whole.substr(0, size)).status(), HasReason(Reason::kMALFORMED_REQUEST));
  }
}

TEST_CASE("a form has sixty-four parts at most") {
  std::string body;
  for (std::size_t i = 0; i < kMaxFormParts; ++i) body += Part(Named("name=a"), "x");
  CHECK(Parse(body + "--XyZ--")->size() == kMaxFormParts);
  CHECK_THAT(Parse(body + Part(Named("name=a"), "x") + "--XyZ--").status(), HasReason(Reason::kMALFORMED_REQUEST));
}

TEST_CASE("only forms are taken for forms") {
  CHECK(IsFormType("multipart/form-data; boundary=x"));
  CHECK(IsFormType("Multipart/Form-Data"));
  CHECK_FALSE(IsFormType("multipart/mixed; boundary=x"));
  CHECK_FALSE(IsFormType("application/json"));
  CHECK_FALSE(IsFormType(""));
}

}  // namespace
}  // namespace papertape::gateway
