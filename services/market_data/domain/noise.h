// Chance without state: a draw is a function of a key and an index, so anything made of draws can be made again, in any
// order, after any restart. splitmix64's finaliser (Steele, Lea, Flood 2014) mixes. Not for secrets. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace papertape::market {

class Noise {
 public:
  explicit Noise(std::uint64_t seed);
  // An independent family of draws for each name or number.
  [[nodiscard]] Noise For(std::string_view name) const;
  [[nodiscard]] Noise For(std::int64_t number) const;

  [[nodiscard]] std::uint64_t Bits(std::int64_t index) const;
  // In [0, 1).
  [[nodiscard]] double Uniform(std::int64_t index) const;
  // Mean 0, standard deviation 1, within +-3.47: the sum of four uniforms (Irwin-Hall), which needs no libm and is
  // therefore the same on every machine.
  [[nodiscard]] double Normal(std::int64_t index) const;

 private:
  std::uint64_t key_;
};

}  // namespace papertape::market
