// Where ids come from. Chance is a parameter: the operating system's randomness is read in ids.cpp alone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "libs/clock/clock.h"

namespace papertape {

// 64 random bits a call. Thread-safe where shared.
using RandomBits = std::function<std::uint64_t()>;

// Cryptographically random, from the operating system.
RandomBits SystemRandom();
// The same sequence for the same seed; not for secrets. Not thread-safe.
RandomBits SeededRandom(std::uint64_t seed);

// Opaque ids that sort by the time they were made: 26 characters of Crockford's base 32, 48 bits of milliseconds
// and 80 random bits (the ULID layout). Ids of one source strictly increase, also within a millisecond. Thread-safe.
class IdSource {
 public:
  IdSource(const Clock& clock, RandomBits random) : clock_(clock), random_(std::move(random)) {}
  std::string Next();

 private:
  const Clock& clock_;
  RandomBits random_;
  std::mutex mutex_;
  std::uint64_t last_ms_ = 0;
  std::uint16_t high_ = 0;  // the upper 16 of the 80 random bits
  std::uint64_t low_ = 0;   // the lower 64
};

// `bytes` random bytes as lower-case hexadecimal: request ids, trace ids, secrets.
std::string RandomHex(const RandomBits& random, std::size_t bytes);

}  // namespace papertape
