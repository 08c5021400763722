#include "services/auth/clients/bcrypt_calibration.h"

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A machine on which cost 10 takes so long.
int CostFor(milliseconds of_ten) {
  return ChooseBcryptCost([&](int cost) { return microseconds(of_ten) * (1 << (cost - 10)); }).cost;
}

TEST_CASE("the cost is the highest whose hash takes at most 300 ms, from 10 to 15") {
  CHECK(CostFor(milliseconds(1)) == 15);
  CHECK(CostFor(milliseconds(10)) == 14);
  CHECK(CostFor(milliseconds(37)) == 13);
  CHECK(CostFor(milliseconds(38)) == 12);
  CHECK(CostFor(milliseconds(60)) == 12);
  CHECK(CostFor(milliseconds(75)) == 12);
  CHECK(CostFor(milliseconds(150)) == 11);
  CHECK(CostFor(milliseconds(151)) == 10);
  CHECK(CostFor(milliseconds(5'000)) == 10);
}

TEST_CASE("one slow measurement does not make the hashes weak") {
  int calls = 0;
  const BcryptCost chosen =
      ChooseBcryptCost([&](int) { return ++calls == 1 ? microseconds(900'000) : microseconds(60'000); });
  CHECK(chosen.cost == 12);
  CHECK(chosen.time_of_hash == milliseconds(240));
}

TEST_CASE("the machine is measured") {
  const auto measured = MeasureBcryptCost(SystemRandom());
  REQUIRE_THAT(measured.status(), testing::IsOk());
  CHECK(measured->cost >= 10);
  CHECK(measured->cost <= 15);
  CHECK(measured->time_of_hash > microseconds(0));
}

TEST_CASE("a machine that is busy with other things is not taken for a slow one") {
  const auto before = MeasureBcryptCost(SystemRandom());
  REQUIRE_THAT(before.status(), testing::IsOk());
  std::atomic<bool> is_over = false;
  std::vector<std::thread> others;
  for (unsigned int i = 0; i < 4 * std::thread::hardware_concurrency(); ++i) {
    others.emplace_back([&is_over] {
      while (!is_over) {
      }
    });
  }
  const auto meanwhile = MeasureBcryptCost(SystemRandom());
  is_over = true;
  for (std::thread& other : others) other.join();
  REQUIRE_THAT(meanwhile.status(), testing::IsOk());
  // Two threads of one core share it: a step lower may be.
  CHECK(meanwhile->cost >= before->cost - 1);
}

}  // namespace
}  // namespace papertape::auth
