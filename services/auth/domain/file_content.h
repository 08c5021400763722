// What a file is, by what is in it: its name and what the client says of it are not asked. A file is checked from its
// first byte to its last, so that nothing else hides before, behind or across it (an archive that is also a picture,
// say). Archives are no type that is taken, so there is nothing to unpack. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace papertape::auth {

enum class FileType : std::uint8_t { kPdf, kPng, kJpeg };

std::string_view MediaType(FileType type);   // "application/pdf"
std::string_view FileEnding(FileType type);  // ".pdf"

// The largest picture, in pixels: what shows it makes four bytes of each.
inline constexpr std::uint64_t kMaxPixels = 100'000'000;
inline constexpr std::uint32_t kMaxSidePixels = 30'000;

struct FileVerdict {
  FileType type = FileType::kPdf;
  std::string problem;  // what is wrong with it ("must be a PDF, PNG or JPEG file"); empty when nothing is
};

FileVerdict JudgeFile(std::string_view bytes);

}  // namespace papertape::auth
