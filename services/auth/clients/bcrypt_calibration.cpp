#include "services/auth/clients/bcrypt_calibration.h"

#include <algorithm>

#include "libs/status/status.h"
#include "services/auth/clients/bcrypt_hasher.h"

namespace papertape::auth {
namespace {

using std::chrono::microseconds;

constexpr int kLeastCost = 10;
constexpr int kMostCost = 15;
constexpr int kTries = 3;  // the quickest counts: others only waited for the processor
constexpr std::chrono::milliseconds kMostTime{300};

}  // namespace

BcryptCost ChooseBcryptCost(const std::function<microseconds(int cost)>& time_of) {
  microseconds least = time_of(kLeastCost);
  for (int i = 1; i < kTries; ++i) least = std::min(least, time_of(kLeastCost));
  BcryptCost chosen{.cost = kLeastCost, .time_of_hash = least};
  while (chosen.cost < kMostCost && chosen.time_of_hash * 2 <= kMostTime) {
    ++chosen.cost;
    chosen.time_of_hash *= 2;
  }
  return chosen;
}

absl::StatusOr<BcryptCost> MeasureBcryptCost(const Clock& clock, const RandomBits& random) {
  PT_ASSIGN_OR_RETURN(const auto hasher, BcryptHasher::Make(kLeastCost, random));
  return ChooseBcryptCost([&](int) {
    const Instant begun = clock.Steady();
    hasher->Matches("a password to measure", hasher->Decoy());
    return std::chrono::duration_cast<microseconds>(clock.Steady() - begun);
  });
}

}  // namespace papertape::auth
