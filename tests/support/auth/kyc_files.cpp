#include "tests/support/auth/kyc_files.h"

namespace papertape::auth::testing {
namespace {

std::string Little(std::uint64_t value, int bytes) {
  std::string text = Big(value, bytes);
  return {text.rbegin(), text.rend()};
}

// Bit by bit, not as the judge computes it.
std::uint32_t Crc(const std::string& bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) * 0xedb88320U);
  }
  return ~crc;
}

}  // namespace

std::string Big(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text.push_back(static_cast<char>(value >> (8 * i)));
  return text;
}

std::string PngChunk(const std::string& name, const std::string& data) {
  return Big(data.size(), 4) + name + data + Big(Crc(name + data), 4);
}

std::string PngHeader(std::uint32_t width, std::uint32_t height, std::uint8_t depth, std::uint8_t colour) {
  return PngChunk("IHDR", Big(width, 4) + Big(height, 4) + Big(depth, 1) + Big(colour, 1) + std::string(3, '\0'));
}

std::string APng(const std::string& note, std::uint32_t width, std::uint32_t height) {
  // One transparent pixel, deflated.
  const std::string pixel("\x78\x9c\x63\x00\x01\x00\x00\x05\x00\x01", 10);
  const std::string text = note.empty() ? "" : PngChunk("tEXt", std::string("Comment\0", 8) + note);
  return kPngSignature + PngHeader(width, height) + text + PngChunk("IDAT", pixel) + PngChunk("IEND", "");
}

std::string JpegSegment(std::uint8_t marker, const std::string& data) {
  return "\xff" + Big(marker, 1) + Big(data.size() + 2, 2) + data;
}

std::string AJpeg(std::uint16_t width, std::uint16_t height) {
  const std::string one_component = Big(8, 1) + Big(height, 2) + Big(width, 2) + Big(1, 1) + Big(0x011100, 3);
  const std::string coded("\x12\xff\x00\x34\xff\xd0\x56", 7);  // with a guarded 0xff and a restart marker
  return "\xff\xd8" + JpegSegment(0xe0, std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14)) +
         JpegSegment(0xc0, one_component) + JpegSegment(0xda, Big(0x010100003f00, 6)) + coded + "\xff\xd9";
}

std::string APdf(const std::string& note, std::size_t size) {
  std::string text = "%PDF-1.4\n%" + note + "\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n";
  text += "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n";
  constexpr std::size_t kTail = 200;
  if (text.size() + kTail < size) text += "%" + std::string(size - text.size() - kTail, 'x') + "\n";
  const std::size_t table = text.size();
  text += "xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n" + std::to_string(table);
  return text + "\n%%EOF\n";
}

std::string AZip() {
  const std::string entry = Little(0, 2) + Little(0, 2) + Little(0, 4) + Little(0, 12) + Little(1, 2) + Little(0, 2);
  const std::string local = std::string("PK\3\4") + Little(20, 2) + entry + "a";
  const std::string central =
      std::string("PK\1\2") + Little(20, 2) + Little(20, 2) + entry + Little(0, 8) + Little(0, 4) + Little(0, 2) + "a";
  return local + central + std::string("PK\5\6") + Little(0, 4) + Little(1, 2) + Little(1, 2) +
         Little(central.size(), 4) + Little(local.size(), 4) + Little(0, 2);
}

}  // namespace papertape::auth::testing
