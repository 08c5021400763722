// The market's time: the machine's in the live market, that of the tape in a session of the past. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "libs/clock/clock.h"

namespace papertape {

class MarketClock : public Clock {
 public:
  explicit MarketClock(const Clock& machine) : machine_(machine) {}

  // What a batch of the tape says: `micros` since 1970, or 0 for the machine's own time.
  void Follow(std::int64_t micros) { micros_.store(micros, std::memory_order_relaxed); }
  [[nodiscard]] Timestamp Now() const override {
    const std::int64_t micros = micros_.load(std::memory_order_relaxed);
    return micros == 0 ? machine_.Now() : FromMicrosSinceEpoch(micros);
  }
  // Always the machine's: deadlines and latencies are not rehearsed.
  [[nodiscard]] Instant Steady() const override { return machine_.Steady(); }

 private:
  const Clock& machine_;
  std::atomic<std::int64_t> micros_{0};
};

}  // namespace papertape
