#include "services/auth/clients/bcrypt_calibration.h"

#include <time.h>

#include <algorithm>

#include "libs/status/status.h"
#include "services/auth/clients/bcrypt_hasher.h"

namespace papertape::auth {
namespace {

using std::chrono::microseconds;

constexpr int kLeastCost = 10;
constexpr int kMostCost = 15;
constexpr int kTries = 3;  // the quickest counts: others found the caches cold
constexpr std::chrono::milliseconds kMostTime{300};

// This thread's time on the processor. By the wall's clock a machine on which the rest of the suite starts as well
// would seem slow, and the hashes would be weak until the next start.
microseconds ProcessorTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + microseconds(time.tv_nsec / 1'000);
}

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

absl::StatusOr<BcryptCost> MeasureBcryptCost(const RandomBits& random) {
  PT_ASSIGN_OR_RETURN(const auto hasher, BcryptHasher::Make(kLeastCost, random));
  return ChooseBcryptCost([&](int) {
    const microseconds begun = ProcessorTime();
    hasher->Matches("a password to measure", hasher->Decoy());
    return ProcessorTime() - begun;
  });
}

}  // namespace papertape::auth
