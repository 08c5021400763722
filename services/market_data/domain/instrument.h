// What can be traded or watched. Values only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/money/money.h"

namespace papertape::market {

// One row of the catalogue.
struct Instrument {
  std::string symbol;
  std::string name;
  std::string exchange;  // market identifier code (ISO 10383)
  std::string sector;    // empty for an index
  std::string industry;  // empty for an index
  std::string currency;  // ISO 4217
  bool is_index = false;
  bool active = true;
};

// How the simulator moves an instrument when no provider quotes it.
struct Simulation {
  std::string symbol;
  bool is_index = false;           // has neither bid nor ask
  Price base_price;                // where the simulated price reverts to
  Price tick_size;                 // smallest step of the price
  double daily_volatility = 0.01;  // standard deviation of a day's logarithmic return
};

// Which instruments; empty strings ask for nothing.
struct InstrumentFilter {
  std::string search;    // part of symbol or name, any case
  std::string sector;    // exact
  std::string exchange;  // exact
  std::int64_t offset = 0;
  std::int64_t limit = 20;
};

// One page, and how many there are on all pages.
struct InstrumentPage {
  std::vector<Instrument> instruments;  // by symbol
  std::int64_t total = 0;
};

}  // namespace papertape::market
