// The cost of password hashes that suits the machine: as slow for whoever guesses as a sign-in may be for its owner.
#pragma once

#include <chrono>
#include <functional>

#include "absl/status/statusor.h"
#include "libs/ids/ids.h"

namespace papertape::auth {

struct BcryptCost {
  int cost = 0;  // 2^cost rounds
  std::chrono::microseconds time_of_hash{};
};

// The highest cost from 10 to 15 whose hash takes at most 300 ms, or 10. `time_of` measures one hash of a cost; each
// cost takes twice the time of the one below.
BcryptCost ChooseBcryptCost(const std::function<std::chrono::microseconds(int cost)>& time_of);

// The same on this machine, measured for some tenths of a second in processor time: whatever else runs changes little.
absl::StatusOr<BcryptCost> MeasureBcryptCost(const RandomBits& random);

}  // namespace papertape::auth
