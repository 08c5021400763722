// Waiting for what another thread or process does: never for a time, always for a condition, with a deadline.
#pragma once

#include <chrono>
#include <thread>

namespace papertape::testing {

// True as soon as `holds()` is; false when it still is not after `deadline`. Sanitized and loaded machines are slow, so
// deadlines are generous: a test that passes does not wait for them.
template <class Predicate>
bool Eventually(std::chrono::milliseconds deadline, Predicate holds) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

template <class Predicate>
bool Eventually(Predicate holds) {
  return Eventually(std::chrono::seconds(30), holds);
}

}  // namespace papertape::testing
