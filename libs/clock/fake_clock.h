// A clock that moves when told to. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>

#include "libs/clock/clock.h"

namespace papertape {

class FakeClock : public Clock {
 public:
  explicit FakeClock(Timestamp start = FromMicrosSinceEpoch(1'767'225'600'000'000))  // 2026-01-01
      : micros_(MicrosSinceEpoch(start)) {}
  [[nodiscard]] Timestamp Now() const override { return FromMicrosSinceEpoch(micros_); }
  [[nodiscard]] Instant Steady() const override { return Instant(std::chrono::microseconds(micros_)); }
  void Advance(std::chrono::microseconds by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace papertape
