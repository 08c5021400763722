#include "libs/pg/copy_rows.h"

#include <array>

namespace papertape::pg {
namespace {

using std::chrono::microseconds;

// "PGCOPY\n\377\r\n\0", no flags, no extension.
constexpr std::string_view kHead("PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0", 19);
// PostgreSQL counts microseconds from the year 2000.
constexpr std::chrono::sys_days kEpoch = std::chrono::year(2000) / 1 / 1;

// A numeric's digits have base 10,000: four in front of the point for the largest number of millionths, two behind it.
constexpr std::uint64_t kBase = 10'000;
constexpr int kDigits = 6;
constexpr int kDigitsBefore = 4;
constexpr std::int16_t kNegative = 0x4000;
constexpr std::int16_t kScale = 6;

}  // namespace

CopyRows::CopyRows() : data_(kHead) {}

std::string_view CopyRows::Finish() {
  AppendInt(std::int16_t{-1});
  return data_;
}

void CopyRows::Put(std::string_view text) {
  AppendLength(text.size());
  data_ += text;
}

void CopyRows::Put(bool value) {
  AppendLength(1);
  data_ += value ? '\1' : '\0';
}

void CopyRows::Put(std::int64_t value) {
  AppendLength(sizeof value);
  AppendInt(value);
}

void CopyRows::Put(std::int16_t value) {
  AppendLength(sizeof value);
  AppendInt(value);
}

void CopyRows::Put(Timestamp value) {
  Put(static_cast<std::int64_t>(std::chrono::duration_cast<microseconds>(value - kEpoch).count()));
}

void CopyRows::PutNumeric(std::int64_t micros) {
  const bool negative = micros < 0;
  // The lowest number has no positive counterpart: unsigned has room.
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::uint64_t whole = size / kMicrosPerUnit;
  const std::uint64_t fraction = size % kMicrosPerUnit * 100;
  std::array<std::int16_t, kDigits> digits{};
  for (int i = kDigitsBefore - 1; i >= 0; --i, whole /= kBase) {
    digits[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(whole % kBase);
  }
  digits[kDigitsBefore] = static_cast<std::int16_t>(fraction / kBase);
  digits[kDigitsBefore + 1] = static_cast<std::int16_t>(fraction % kBase);
  int first = 0;
  int end = kDigits;
  while (first < end && digits[static_cast<std::size_t>(first)] == 0) ++first;
  while (end > first && digits[static_cast<std::size_t>(end - 1)] == 0) --end;

  AppendLength(static_cast<std::size_t>(4 + end - first) * sizeof(std::int16_t));
  AppendInt(static_cast<std::int16_t>(end - first));
  AppendInt(static_cast<std::int16_t>(first == end ? 0 : kDigitsBefore - 1 - first));  // the first digit's power
  AppendInt(negative ? kNegative : std::int16_t{0});
  AppendInt(kScale);
  for (int i = first; i < end; ++i) AppendInt(digits[static_cast<std::size_t>(i)]);
}

}  // namespace papertape::pg
