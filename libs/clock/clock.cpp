#include "libs/clock/clock.h"

#include "absl/time/time.h"

namespace papertape {
namespace {

class TheSystemClock : public Clock {
 public:
  [[nodiscard]] Timestamp Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] Instant Steady() const override { return std::chrono::steady_clock::now(); }
};

// `width` decimal digits of `value`, zeros in front.
void AppendDigits(unsigned value, std::size_t width, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + width);
  for (std::size_t i = start + width; i-- > start; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

absl::Time ToAbsl(Timestamp time) { return absl::FromUnixMicros(MicrosSinceEpoch(time)); }

}  // namespace

const Clock& SystemClock() {
  static const auto* const clock = new TheSystemClock();
  return *clock;
}

std::int64_t MicrosSinceEpoch(Timestamp time) { return time.time_since_epoch().count(); }

Timestamp FromMicrosSinceEpoch(std::int64_t micros) { return Timestamp(std::chrono::microseconds(micros)); }

void AppendRfc3339(Timestamp time, std::string& out) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  AppendDigits(static_cast<unsigned>(static_cast<int>(date.year())), 4, out);
  out += '-';
  AppendDigits(static_cast<unsigned>(date.month()), 2, out);
  out += '-';
  AppendDigits(static_cast<unsigned>(date.day()), 2, out);
  out += 'T';
  AppendDigits(static_cast<unsigned>(clock.hours().count()), 2, out);
  out += ':';
  AppendDigits(static_cast<unsigned>(clock.minutes().count()), 2, out);
  out += ':';
  AppendDigits(static_cast<unsigned>(clock.seconds().count()), 2, out);
  if (const auto micros = static_cast<unsigned>(clock.subseconds().count()); micros != 0) {
    out += '.';
    AppendDigits(micros, 6, out);
    while (out.back() == '0') out.pop_back();
  }
  out += 'Z';
}

std::string FormatRfc3339(Timestamp time) {
  std::string out;
  AppendRfc3339(time, out);
  return out;
}

absl::StatusOr<Timestamp> ParseRfc3339(std::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, std::string(text), &time, &error) || time == absl::InfiniteFuture() ||
      time == absl::InfinitePast()) {
    return absl::InvalidArgumentError("must be an RFC 3339 time such as 2026-03-02T14:30:00Z");
  }
  return FromMicrosSinceEpoch(absl::ToUnixMicros(time));
}

absl::StatusOr<Timestamp> ParseDate(std::string_view text) {
  absl::Time time;
  std::string error;
  if (text.size() != 10 || !absl::ParseTime("%Y-%m-%d", std::string(text), &time, &error)) {
    return absl::InvalidArgumentError("must be a date such as 2026-03-02");
  }
  return FromMicrosSinceEpoch(absl::ToUnixMicros(time));
}

std::string FormatDate(Timestamp time) { return absl::FormatTime("%Y-%m-%d", ToAbsl(time), absl::UTCTimeZone()); }

}  // namespace papertape
