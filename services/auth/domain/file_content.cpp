#include "services/auth/domain/file_content.h"

#include "fmt/format.h"
#include "services/auth/domain/file_parts.h"

namespace papertape::auth {
namespace {

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kJpegSignature = "\xff\xd8\xff";
constexpr std::string_view kPdfSignature = "%PDF-";

std::uint32_t Little(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8U) | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

// Whether a reader of ZIP archives, who starts at the end, would find one: an end-of-central-directory record whose
// directory lies before it (PKWARE's APPNOTE, 4.3.16).
bool EndsAsArchive(std::string_view bytes) {
  constexpr std::string_view kRecord("PK\x05\x06", 4);
  constexpr std::size_t kRecordBytes = 22;
  constexpr std::size_t kMostComment = 65'535;
  const std::size_t tail = bytes.size() - std::min(bytes.size(), kRecordBytes + kMostComment);
  for (std::size_t at = bytes.find(kRecord, tail); at != std::string_view::npos; at = bytes.find(kRecord, at + 1)) {
    if (bytes.size() - at < kRecordBytes) return false;
    const std::uint64_t directory = Little(bytes.substr(at + 12, 4));
    const std::uint64_t offset = Little(bytes.substr(at + 16, 4));
    if (directory + offset <= at) return true;
  }
  return false;
}

// Readers of PDF accept the header anywhere in the first kilobyte.
bool BeginsAsPdf(std::string_view bytes) { return bytes.substr(0, 1024).find(kPdfSignature) != std::string_view::npos; }

}  // namespace

std::string_view MediaType(FileType type) {
  switch (type) {
    case FileType::kPdf:
      return "application/pdf";
    case FileType::kPng:
      return "image/png";
    case FileType::kJpeg:
      return "image/jpeg";
  }
  return "";
}

std::string_view FileEnding(FileType type) {
  switch (type) {
    case FileType::kPdf:
      return ".pdf";
    case FileType::kPng:
      return ".png";
    case FileType::kJpeg:
      return ".jpg";
  }
  return "";
}

std::string SizeProblem(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return "is a picture without pixels";
  if (width > kMaxSidePixels || height > kMaxSidePixels || width * height > kMaxPixels) {
    return fmt::format("is a picture of more than {} pixels a side or {} in all", kMaxSidePixels, kMaxPixels);
  }
  return "";
}

FileVerdict JudgeFile(std::string_view bytes) {
  FileVerdict verdict;
  if (bytes.starts_with(kPdfSignature)) {
    verdict = {FileType::kPdf, PdfProblem(bytes)};
  } else if (bytes.starts_with(kPngSignature)) {
    verdict = {FileType::kPng, PngProblem(bytes)};
  } else if (bytes.starts_with(kJpegSignature)) {
    verdict = {FileType::kJpeg, JpegProblem(bytes)};
  } else {
    verdict.problem = "must be a PDF, PNG or JPEG file";
  }
  const bool disguised = EndsAsArchive(bytes) || (verdict.type != FileType::kPdf && BeginsAsPdf(bytes));
  if (verdict.problem.empty() && disguised) verdict.problem = "is two kinds of file in one";
  return verdict;
}

}  // namespace papertape::auth
