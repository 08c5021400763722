#include "tests/support/market/tape.h"

#include <algorithm>

namespace papertape::testing {
namespace {

using market::Bar;

constexpr std::int64_t kCent = 10'000;
constexpr std::size_t kSplitDay = 100;
constexpr std::size_t kQuarter = 63;  // sessions

// A walk of a few cents a day that comes out the same everywhere.
std::vector<Bar> Walk(const std::vector<Timestamp>& days, std::int64_t cents, unsigned seed) {
  std::vector<Bar> bars;
  std::int64_t close = cents;
  for (const Timestamp day : days) {
    seed = seed * 1'664'525 + 1'013'904'223;
    const std::int64_t open = close + static_cast<std::int64_t>(seed >> 24U) % 41 - 20;
    close = open + static_cast<std::int64_t>(seed >> 16U) % 81 - 40;
    bars.push_back({.time = day,
                    .open = Price::FromMicros(open * kCent),
                    .high = Price::FromMicros((std::max(open, close) + 25) * kCent),
                    .low = Price::FromMicros((std::min(open, close) - 25) * kCent),
                    .close = Price::FromMicros(close * kCent),
                    .volume = 1'000'000 + static_cast<std::int64_t>(seed >> 8U) % 500'000,
                    .adjusted_close = Price::FromMicros(close * kCent)});
  }
  return bars;
}

void Pay(Listing& listing, const std::string& symbol, std::int64_t micros) {
  for (std::size_t i = kQuarter; i < listing.bars.size(); i += kQuarter) {
    listing.actions.push_back(
        {.symbol = symbol, .ex_date = listing.bars[i].time, .what = market::Dividend{Price::FromMicros(micros)}});
  }
}

void SplitFourForOne(Listing& listing, const std::string& symbol) {
  if (listing.bars.size() <= kSplitDay) return;
  for (std::size_t i = kSplitDay; i < listing.bars.size(); ++i) {
    Bar& bar = listing.bars[i];
    for (Price* price : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.adjusted_close}) {
      *price = Price::FromMicros(price->micros() / 4);
    }
    bar.volume *= 4;
  }
  listing.actions.push_back(
      {.symbol = symbol,
       .ex_date = listing.bars[kSplitDay].time,
       .what = market::Split{.numerator = Quantity::FromUnits(4), .denominator = Quantity::FromUnits(1)}});
}

}  // namespace

const Listing* Tape::Find(const std::string& symbol) const {
  const auto found = listings.find(symbol);
  return found == listings.end() ? nullptr : &found->second;
}

Tape MakeTape(Timestamp first, Timestamp last) {
  std::vector<Timestamp> days;
  for (Timestamp day = first; day <= last; day += std::chrono::days(1)) {
    const std::chrono::weekday weekday(std::chrono::floor<std::chrono::days>(day));
    if (weekday != std::chrono::Saturday && weekday != std::chrono::Sunday) days.push_back(day);
  }
  Tape tape;
  tape.listings["AAPL"] = {.name = "Apple Inc.", .bars = Walk(days, 60'000, 1)};
  tape.listings["MSFT"] = {.name = "Microsoft Corporation", .bars = Walk(days, 42'000, 2)};
  tape.listings["IBM"] = {.name = "International Business Machines Corporation", .bars = Walk(days, 23'000, 3)};
  tape.listings["BRK.B"] = {.name = "Berkshire Hathaway Inc.", .bars = Walk(days, 47'500, 4)};
  SplitFourForOne(tape.listings["AAPL"], "AAPL");
  Pay(tape.listings["AAPL"], "AAPL", 260'000);
  Pay(tape.listings["IBM"], "IBM", 1'680'000);
  return tape;
}

}  // namespace papertape::testing
