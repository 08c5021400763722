// Small files of the kinds that are taken as documents, and their parts, to build others from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace papertape::auth::testing {

// A number, most significant byte first.
std::string Big(std::uint64_t value, int bytes);

// One chunk of a PNG with its checksum.
std::string PngChunk(const std::string& name, const std::string& data);
std::string PngHeader(std::uint32_t width, std::uint32_t height, std::uint8_t depth = 8, std::uint8_t colour = 6);
inline const std::string kPngSignature = "\x89PNG\r\n\x1a\n";
// A whole PNG; `note` makes two of them differ.
std::string APng(const std::string& note = "", std::uint32_t width = 1, std::uint32_t height = 1);

// A segment of a JPEG.
std::string JpegSegment(std::uint8_t marker, const std::string& data);
std::string AJpeg(std::uint16_t width = 1, std::uint16_t height = 1);

// A whole PDF, of about `size` bytes where that is more than it needs.
std::string APdf(const std::string& note = "", std::size_t size = 0);

// An archive with one empty file in it.
std::string AZip();

}  // namespace papertape::auth::testing
