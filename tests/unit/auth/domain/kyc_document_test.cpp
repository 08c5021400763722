#include "services/auth/domain/kyc_document.h"

#include "tests/support/auth/kyc_files.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using namespace testing;
using papertape::testing::IsOk;
using papertape::testing::NamesField;

TEST_CASE("a document's type is bounded text, kept in one spelling") {
  const std::string pdf = APdf();
  for (const auto& [given, kept] : std::vector<std::pair<std::string, std::string>>{
           {"passport", "passport"}, {"Driving Licence", "driving_licence"}, {"utility-bill", "utility_bill"}}) {
    const auto checked = CheckDocuments({{.document_type = given, .content = pdf}});
    REQUIRE_THAT(checked.status(), IsOk());
    CHECK(checked->front().document_type == kept);
  }
  const auto wrong =
      GENERATE(as<std::string>(), "", "'; drop table users; --", "a/b", std::string(41, 'a'), "p\u00e4ss");
  CHECK_THAT(CheckDocuments({{.document_type = wrong, .content = pdf}}).status(),
             NamesField("documents[0].document_type"));
}

TEST_CASE("a document of 10 MiB is taken, of a byte more refused, with the field named") {
  std::string pdf = APdf("", kMaxDocumentBytes);
  const std::size_t missing = kMaxDocumentBytes - pdf.size();
  pdf = APdf("", kMaxDocumentBytes + missing);
  REQUIRE(pdf.size() == kMaxDocumentBytes);
  CHECK_THAT(CheckDocuments({{.document_type = "passport", .content = pdf}}).status(), IsOk());
  const std::string larger = APdf("", kMaxDocumentBytes + missing + 1);
  REQUIRE(larger.size() == kMaxDocumentBytes + 1);
  CHECK_THAT(CheckDocuments({{.document_type = "passport", .content = larger}}).status(),
             NamesField("documents[0].content"));
}

TEST_CASE("all wrong documents of an upload are named at once") {
  const std::string pdf = APdf();
  const absl::Status status = CheckDocuments({{.document_type = "passport", .content = pdf},
                                              {.document_type = "", .content = ""},
                                              {.document_type = "x", .content = "text"},
                                              {.document_type = "x", .file_url = "ftp://example.com"},
                                              {.document_type = "x", .content = pdf, .file_url = "https://a.example"}})
                                  .status();
  CHECK_THAT(status, NamesField("documents[1].document_type"));
  CHECK_THAT(status, NamesField("documents[1].content"));
  CHECK_THAT(status, NamesField("documents[2].content"));
  CHECK_THAT(status, NamesField("documents[3].file_url"));
  CHECK_THAT(status, NamesField("documents[4].content"));
  CHECK_THAT(status, !NamesField("documents[0].content"));
}

TEST_CASE("an upload has one to five documents") {
  const std::string pdf = APdf();
  CHECK_THAT(CheckDocuments({}).status(), NamesField("documents"));
  CHECK_THAT(CheckDocuments(std::vector<GivenDocument>(5, {.document_type = "x", .content = pdf})).status(), IsOk());
  CHECK_THAT(CheckDocuments(std::vector<GivenDocument>(6, {.document_type = "x", .content = pdf})).status(),
             NamesField("documents"));
}

TEST_CASE("an address is http or https, and says plainly which host is meant") {
  const auto accepted = GENERATE(as<std::string>(), "https://example.com/a.pdf?x=1", "HTTP://example.com");
  CHECK_THAT(CheckDocuments({{.document_type = "x", .file_url = accepted}}).status(), IsOk());
  const auto refused =
      GENERATE(as<std::string>(), "file:///etc/passwd", "javascript:alert(1)", "https://",
               "https://bank.example@evil.example", "https://example.com/a b", "https://example.com/\n", "example.com");
  CHECK_THAT(CheckDocuments({{.document_type = "x", .file_url = refused}}).status(),
             NamesField("documents[0].file_url"));
  CHECK_THAT(
      CheckDocuments({{.document_type = "x", .file_url = "https://e.example/" + std::string(2'048, 'a')}}).status(),
      NamesField("documents[0].file_url"));
}

TEST_CASE("a file's name loses folders, controls and disguises, and ends as what it is") {
  for (const auto& [given, kept] :
       std::vector<std::pair<std::string, std::string>>{{"passport.pdf", "passport.pdf"},
                                                        {"../../etc/passwd", "passwd.pdf"},
                                                        {"C:\\Users\\ann\\pass port.PDF", "pass port.PDF"},
                                                        {"a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"},
                                                        {std::string("nul\0.pdf", 8), "nul.pdf"},
                                                        {"invoice\xe2\x80\xae"
                                                         "fdp.exe",
                                                         "invoicefdp.exe.pdf"},  // right-to-left override
                                                        {"...", "fallback.pdf"},
                                                        {"", "fallback.pdf"},
                                                        {"photo.html", "photo.html.pdf"},
                                                        {"\xc3\x84usweis.pdf", "\xc3\x84usweis.pdf"}}) {
    CHECK(CleanFileName(given, "fallback", FileType::kPdf) == kept);
  }
  CHECK(CleanFileName("me.jpeg", "fallback", FileType::kJpeg) == "me.jpeg");
  CHECK(CleanFileName("me.png", "fallback", FileType::kJpeg) == "me.png.jpg");
  const std::string long_name =
      CleanFileName(std::string(119, 'a') + "\xc3\x84" + std::string(300, 'b'), "f", FileType::kPdf);
  CHECK(long_name.size() <= 124);
  CHECK(long_name.ends_with("a.pdf"));
}

}  // namespace
}  // namespace papertape::auth
