#include "services/market_data/domain/noise.h"

namespace papertape::market {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;

std::uint64_t Mix(std::uint64_t value) {
  value += kGolden;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EB;
  return value ^ (value >> 31U);
}

}  // namespace

Noise::Noise(std::uint64_t seed) : key_(Mix(seed)) {}

Noise Noise::For(std::string_view name) const {
  Noise family = *this;
  for (const char c : name) family.key_ = Mix(family.key_ ^ static_cast<unsigned char>(c));
  return family;
}

Noise Noise::For(std::int64_t number) const {
  Noise family = *this;
  family.key_ = Mix(Bits(number));
  return family;
}

std::uint64_t Noise::Bits(std::int64_t index) const {
  return Mix(key_ ^ (static_cast<std::uint64_t>(index) * kGolden));
}

double Noise::Uniform(std::int64_t index) const { return static_cast<double>(Bits(index) >> 11U) * 0x1p-53; }

double Noise::Normal(std::int64_t index) const {
  constexpr double kSqrt3 = 1.7320508075688772;
  const std::uint64_t bits = Bits(index);
  const std::uint64_t sum = (bits & 0xFFFFU) + ((bits >> 16U) & 0xFFFFU) + ((bits >> 32U) & 0xFFFFU) + (bits >> 48U);
  return (static_cast<double>(sum + 2) * 0x1p-16 - 2.0) * kSqrt3;  // + 2: the middle of each of the four cells
}

}  // namespace papertape::market
