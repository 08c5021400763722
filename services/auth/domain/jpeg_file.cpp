#include "services/auth/domain/file_parts.h"

namespace papertape::auth {
namespace {

constexpr std::uint8_t kStartOfScan = 0xda;
constexpr std::uint8_t kEndOfImage = 0xd9;
constexpr std::uint8_t kStartOfImage = 0xd8;

// SOF0 to SOF15 without DHT, JPG and DAC, which lie between them.
bool IsFrame(std::uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// TEM and RST0 to RST7 have no length; they stand in no place where a segment may.
bool StandsAlone(std::uint8_t marker) { return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7); }

// Past any number of fill bytes.
std::uint8_t TakeMarker(ByteReader& reader, bool& found) {
  found = reader.Byte() == 0xff;
  std::uint8_t marker = 0xff;
  while (marker == 0xff && !reader.failed()) marker = reader.Byte();
  found = found && marker != 0 && !reader.failed();
  return marker;
}

std::string FrameProblem(std::string_view frame) {
  ByteReader reader(frame);
  const std::uint8_t precision = reader.Byte();
  const std::uint32_t height = reader.Big(2);
  const std::uint32_t width = reader.Big(2);
  const std::uint8_t components = reader.Byte();
  const bool fits = (precision == 8 || precision == 12) && components >= 1 && components <= 4 &&
                    reader.rest().size() == std::size_t{3} * components;
  if (reader.failed() || !fits) return "is a JPEG with a broken header";
  return SizeProblem(width, height);
}

// Past the coded data, in which 0xff is followed by 0 or a restart marker.
void SkipScan(ByteReader& reader) {
  const std::string_view data = reader.rest();
  std::size_t at = 0;
  while (at + 1 < data.size()) {
    at = data.find('\xff', at);
    if (at == std::string_view::npos || at + 1 >= data.size()) break;
    const auto next = static_cast<std::uint8_t>(data[at + 1]);
    if (next != 0 && next != 0xff && !StandsAlone(next)) {
      reader.Take(at);
      return;
    }
    at += next == 0xff ? 1 : 2;
  }
  reader.Take(data.size());
}

}  // namespace

std::string JpegProblem(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.Take(2);
  bool has_frame = false;
  bool has_scan = false;
  for (;;) {
    bool found = false;
    const std::uint8_t marker = TakeMarker(reader, found);
    if (reader.failed()) return "is a JPEG that was cut short";
    if (!found || StandsAlone(marker) || marker == kStartOfImage) return "is a broken JPEG";
    if (marker == kEndOfImage) break;
    const std::uint32_t length = reader.Big(2);
    if (length < 2) return reader.failed() ? "is a JPEG that was cut short" : "is a broken JPEG";
    const std::string_view segment = reader.Take(length - 2);
    if (reader.failed()) return "is a JPEG that was cut short";
    if (IsFrame(marker)) {
      if (std::string problem = FrameProblem(segment); !problem.empty()) return problem;
      has_frame = true;
    }
    if (marker == kStartOfScan) {
      if (!has_frame) return "is a broken JPEG";
      has_scan = true;
      SkipScan(reader);
    }
  }
  if (!has_scan) return "is a picture without pixels";
  return reader.rest().empty() ? "" : "is a JPEG with something behind its end";
}

}  // namespace papertape::auth
