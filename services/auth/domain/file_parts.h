// What file_content.cpp asks of each type. Each answers what is wrong, empty when nothing is. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace papertape::auth {

// Bytes of a file, read from the left; past the end everything reads as zero and `failed` stays set.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint32_t Big(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = (value << 8U) | Byte();
    return value;
  }
  std::uint8_t Byte() {
    if (rest_.empty()) {
      failed_ = true;
      return 0;
    }
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::string_view Take(std::size_t count) {
    if (count > rest_.size()) failed_ = true;
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// W3C PNG (third edition): signature, IHDR first, every chunk's CRC, IDAT, IEND last.
std::string PngProblem(std::string_view bytes);
// ITU T.81, annex B: SOI, segments, a frame header, scans, EOI last.
std::string JpegProblem(std::string_view bytes);
// ISO 32000-1, 7.5: header first, `startxref` that leads to a cross-reference, `%%EOF` last.
std::string PdfProblem(std::string_view bytes);

// What is wrong with a picture of that size.
std::string SizeProblem(std::uint64_t width, std::uint64_t height);

}  // namespace papertape::auth
