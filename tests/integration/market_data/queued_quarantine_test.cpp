#include "services/market_data/store/queued_quarantine.h"

#include <atomic>

#include "libs/status/status.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"

namespace papertape::market {
namespace {

using papertape::testing::Eventually;
using papertape::testing::IsOk;

// A table that is away at first.
class SlowTable final : public Quarantine {
 public:
  std::atomic<bool> away{true};
  std::atomic<int> asked{0};
  std::atomic<int> kept{0};
  absl::Status Add(const std::vector<Suspect>& suspects) override {
    ++asked;
    if (away) return Error(Reason::kUNAVAILABLE);
    kept += static_cast<int>(suspects.size());
    return absl::OkStatus();
  }
};

TEST_CASE("suspects wait for a database that is away, and nobody waits for them; the excess is counted") {
  SlowTable table;
  int told = 0;
  int dropped = 0;
  QueuedQuarantine queue(
      table,
      [&](const Suspect&, bool kept) {
        ++told;
        dropped += kept ? 0 : 1;
      },
      3);
  CHECK_THAT(queue.Add(std::vector<Suspect>(5)), IsOk());
  CHECK(told == 5);
  CHECK(dropped == 2);
  queue.Start();
  REQUIRE(Eventually([&] { return table.asked > 0; }));
  table.away = false;
  queue.Stop();  // takes there what is left
  CHECK(table.kept == 3);
}

}  // namespace
}  // namespace papertape::market
