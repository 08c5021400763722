#include "services/auth/domain/file_content.h"

#include "tests/support/auth/kyc_files.h"
#include "tests/support/catch.h"

namespace papertape::auth {
namespace {

using namespace testing;

std::string ProblemOf(const std::string& bytes) { return JudgeFile(bytes).problem; }

TEST_CASE("a PDF, a PNG and a JPEG are what they are, by content") {
  CHECK(ProblemOf(APdf()).empty());
  CHECK(JudgeFile(APdf()).type == FileType::kPdf);
  CHECK(ProblemOf(APng()).empty());
  CHECK(JudgeFile(APng()).type == FileType::kPng);
  CHECK(ProblemOf(AJpeg()).empty());
  CHECK(JudgeFile(AJpeg()).type == FileType::kJpeg);
}

TEST_CASE("a file of any other kind is refused") {
  const auto bytes = GENERATE(as<std::string>(), "", "hello", "GIF89a\1\0\1\0", "<html><script>alert(1)</script>",
                              "MZ\x90", "\x1f\x8b\x08", "%PDF", "\x89PNG", "\xff\xd8");
  CHECK(ProblemOf(bytes) == "must be a PDF, PNG or JPEG file");
  CHECK(ProblemOf(AZip()) == "must be a PDF, PNG or JPEG file");
}

TEST_CASE("a signature alone is no file") {
  CHECK_FALSE(ProblemOf("%PDF-1.7\n").empty());
  CHECK_FALSE(ProblemOf(kPngSignature).empty());
  CHECK_FALSE(ProblemOf("\xff\xd8\xff\xe0").empty());
}

TEST_CASE("a file that was cut anywhere is refused") {
  const auto whole = GENERATE(APdf(), APng(), AJpeg());
  // Of a PDF the last line's end may be missing.
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(ProblemOf(whole.substr(0, size)).empty());
  }
}

TEST_CASE("nothing may stand behind a file's end") {
  for (const std::string& whole : {APdf(), APng(), AJpeg()}) {
    for (const std::string& tail : {std::string("<script>alert(1)</script>"), AZip(), std::string("x")}) {
      CHECK_THAT(ProblemOf(whole + tail), Catch::Contains("behind its end"));
    }
  }
}

TEST_CASE("an archive inside a picture or a PDF is found where readers of archives look") {
  CHECK(ProblemOf(APng(AZip())) == "is two kinds of file in one");
  CHECK(ProblemOf(APdf(AZip())) == "is two kinds of file in one");
  const std::string jpeg = AJpeg();
  CHECK(ProblemOf(jpeg.substr(0, 2) + JpegSegment(0xfe, AZip()) + jpeg.substr(2)) == "is two kinds of file in one");
  // The letters alone are no archive.
  CHECK(ProblemOf(APng("PK\5\6 is a signature, and that is all there is of it here")).empty());
}

TEST_CASE("a picture that PDF readers would open is refused") {
  CHECK(ProblemOf(APng("%PDF-1.4")) == "is two kinds of file in one");
}

TEST_CASE("a PNG's chunks must be whole and in order") {
  const std::string end = PngChunk("IDAT", "x") + PngChunk("IEND", "");
  CHECK(ProblemOf(kPngSignature + PngHeader(1, 1) + end).empty());
  CHECK_FALSE(ProblemOf(kPngSignature + end).empty());                                      // no header
  CHECK_FALSE(ProblemOf(kPngSignature + PngHeader(1, 1) + PngHeader(1, 1) + end).empty());  // two
  CHECK_FALSE(ProblemOf(kPngSignature + PngHeader(1, 1) + PngChunk("IEND", "")).empty());   // no pixels
  CHECK_FALSE(ProblemOf(kPngSignature + PngHeader(1, 1, 3, 6) + end).empty());              // a depth that is none
  CHECK_FALSE(ProblemOf(kPngSignature + PngHeader(1, 1, 8, 5) + end).empty());              // a colour that is none
  std::string changed = APng("a note");
  changed[changed.find("note")] = 'N';
  CHECK_THAT(ProblemOf(changed), Catch::Contains("broken chunk"));  // its checksum is of another text
  CHECK_THAT(ProblemOf(kPngSignature + Big(0xffffffff, 4) + "IHDR"), Catch::Contains("broken chunk"));
}

TEST_CASE("a picture that would not fit into memory is refused by what its header declares") {
  CHECK(ProblemOf(APng("", 10'000, 10'000)).empty());
  CHECK_THAT(ProblemOf(APng("", 10'001, 10'000)), Catch::Contains("pixels"));
  CHECK_THAT(ProblemOf(APng("", 30'001, 1)), Catch::Contains("pixels"));
  CHECK_THAT(ProblemOf(APng("", 0, 1)), Catch::Contains("without pixels"));
  CHECK_THAT(ProblemOf(APng("", 0x80000000, 0x80000000)), Catch::Contains("pixels"));
  CHECK(ProblemOf(AJpeg(10'000, 10'000)).empty());
  CHECK_THAT(ProblemOf(AJpeg(30'000, 30'000)), Catch::Contains("pixels"));
}

TEST_CASE("a JPEG's segments must be whole and in order") {
  const std::string jpeg = AJpeg();
  const std::string start = jpeg.substr(0, 2);
  CHECK_FALSE(ProblemOf(start + "\xff\xd9").empty());                               // no picture
  CHECK_FALSE(ProblemOf(start + jpeg).empty());                                     // begins twice
  CHECK_FALSE(ProblemOf(start + JpegSegment(0xda, "scan") + "x\xff\xd9").empty());  // a scan without a frame
  CHECK_FALSE(ProblemOf(start + "\xff\xe0" + Big(1, 2) + jpeg.substr(2)).empty());  // a length that is none
  CHECK_FALSE(ProblemOf(start + "\xff\xe0" + Big(0xffff, 2) + "short").empty());
  CHECK(ProblemOf(start + "\xff\xff\xff" + jpeg.substr(3)).empty());  // fill bytes are allowed
}

TEST_CASE("a PDF's last lines must lead to its cross-reference") {
  const std::string pdf = APdf();
  const std::size_t number = pdf.find("startxref\n") + 10;
  const auto with = [&](const std::string& offset) { return pdf.substr(0, number) + offset + "\n%%EOF"; };
  CHECK(ProblemOf(with(std::to_string(pdf.find("xref")))).empty());
  for (const char* const offset : {"0", "999999", "-1", "", "18446744073709551616", "12x"}) {
    CHECK_FALSE(ProblemOf(with(offset)).empty());
  }
  CHECK_FALSE(ProblemOf("%PDF-9.9\n" + pdf.substr(9)).empty());
  CHECK_FALSE(ProblemOf("x" + pdf).empty());
}

}  // namespace
}  // namespace papertape::auth
