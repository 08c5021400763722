#include "libs/ids/ids.h"

#include <openssl/rand.h>

#include <array>
#include <cstdlib>
#include <random>
#include <utility>

#include "libs/ids/hex.h"

namespace papertape {
namespace {

constexpr char kCrockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

}  // namespace

RandomBits SystemRandom() {
  // Drawn by the dozen: a draw costs as much as fifty numbers. What was given out is forgotten.
  return [] {
    thread_local std::array<std::uint64_t, 64> drawn;
    thread_local std::size_t left = 0;
    if (left == 0) {
      if (RAND_bytes(reinterpret_cast<unsigned char*>(drawn.data()), sizeof drawn) != 1) std::abort();
      left = drawn.size();
    }
    return std::exchange(drawn[--left], 0);
  };
}

RandomBits SeededRandom(std::uint64_t seed) {
  return [engine = std::mt19937_64(seed)]() mutable { return engine(); };
}

std::string IdSource::Next() {
  const std::lock_guard lock(mutex_);
  const auto now_ms = static_cast<std::uint64_t>(MicrosSinceEpoch(clock_.Now()) / 1000);
  if (now_ms > last_ms_) {
    last_ms_ = now_ms;
    high_ = static_cast<std::uint16_t>(random_() >> 48U);
    low_ = random_();
  } else if (++low_ == 0 && ++high_ == 0) {
    ++last_ms_;
  }
  // 128 bits, most significant first, as 26 digits of five bits; the first digit holds three.
  __extension__ using Bits = unsigned __int128;
  Bits bits = (static_cast<Bits>(last_ms_) << 80U) | (static_cast<Bits>(high_) << 64U) | low_;
  std::string id(26, '0');
  for (std::size_t i = id.size(); i-- > 0; bits >>= 5U) id[i] = kCrockford[static_cast<unsigned>(bits & 31U)];
  return id;
}

std::string RandomHex(const RandomBits& random, std::size_t bytes) {
  std::string made;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < bytes; ++i, bits >>= 8U) {
    if (i % 8 == 0) bits = random();
    made.push_back(static_cast<char>(bits & 255U));
  }
  return ToHex(made);
}

}  // namespace papertape
