// Who follows the tape: says from where on, and takes its entries in order. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// Ticks that were read together, and where the stream stands after them.
struct TickEntry {
  std::uint64_t epoch = 0;  // of the cursor that the reader follows
  TapePosition position;
  std::vector<Quote> quotes;
};

// Where to read on. A new epoch means: the follower went back, begin at `position` again.
struct TickCursor {
  std::uint64_t epoch = 0;
  std::string position;  // empty: from the newest entry
};

class TickSink {
 public:
  virtual ~TickSink() = default;
  virtual TickCursor tick_cursor() = 0;
  // Takes ticks; an entry of an older epoch is dropped.
  virtual void Feed(TickEntry entry) = 0;
  // The reader has fed everything that there was when the cursor got this epoch.
  virtual void CaughtUp(std::uint64_t epoch) = 0;
};

}  // namespace papertape::trade_engine
