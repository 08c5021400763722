#include <array>

#include "services/auth/domain/file_parts.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kSignatureBytes = 8;
constexpr std::uint32_t kMostChunkBytes = 0x7fffffff;

constexpr std::array<std::uint32_t, 256> MakeCrcTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xedb88320U ^ (value >> 1U) : value >> 1U;
    table[i] = value;
  }
  return table;
}
constexpr auto kCrcTable = MakeCrcTable();

// Annex D of the specification.
std::uint32_t Crc(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) crc = kCrcTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xffU] ^ (crc >> 8U);
  return ~crc;
}

bool DepthFits(std::uint8_t depth, std::uint8_t colour) {
  switch (colour) {
    case 0:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

std::string HeaderProblem(std::string_view data) {
  if (data.size() != 13) return "is a PNG with a broken header";
  ByteReader reader(data);
  const std::uint32_t width = reader.Big(4);
  const std::uint32_t height = reader.Big(4);
  const std::uint8_t depth = reader.Byte();
  const std::uint8_t colour = reader.Byte();
  const bool known_methods = reader.Byte() == 0 && reader.Byte() == 0 && reader.Byte() <= 1;
  if (!DepthFits(depth, colour) || !known_methods) return "is a PNG with a broken header";
  return SizeProblem(width, height);
}

}  // namespace

std::string PngProblem(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.Take(kSignatureBytes);
  bool has_pixels = false;
  for (bool first = true;; first = false) {
    const std::uint32_t length = reader.Big(4);
    const std::string_view named = reader.rest();
    const std::string_view name = reader.Take(4);
    if (length > kMostChunkBytes) return "is a PNG with a broken chunk";
    const std::string_view data = reader.Take(length);
    const std::uint32_t crc = reader.Big(4);
    if (reader.failed()) return "is a PNG that was cut short";
    if (Crc(named.substr(0, 4 + data.size())) != crc) return "is a PNG with a broken chunk";
    if (first != (name == "IHDR")) return "is a PNG with a broken header";
    if (first) {
      if (std::string problem = HeaderProblem(data); !problem.empty()) return problem;
    }
    has_pixels = has_pixels || (name == "IDAT" && !data.empty());
    if (name == "IEND") break;
  }
  if (!has_pixels) return "is a picture without pixels";
  return reader.rest().empty() ? "" : "is a PNG with something behind its end";
}

}  // namespace papertape::auth
