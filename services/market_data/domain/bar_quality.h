// Which of the bars that a source gave can be true. Those that cannot become suspects with a reason; nothing is mended,
// nothing is made up. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/corporate_action.h"
#include "services/market_data/domain/quarantine.h"

namespace papertape::market {

// Bars as they were said, in the order in which they were said.
struct SaidBars {
  std::string symbol;
  std::string exchange;  // market identifier code; a day is checked against its calendar where there is one
  Interval interval = Interval::kDay;
  std::string source;
  std::vector<Bar> bars;
  std::optional<Bar> before;            // the bar recorded before the first; absent: the first is measured against none
  std::vector<CorporateAction> splits;  // what explains a jump; other actions are passed over
};

struct QualityRules {
  Timestamp now;              // no bar begins after it
  int largest_jump_pct = 40;  // of the close before, up or down
};

struct CheckedBars {
  std::vector<Bar> good;  // strictly ascending in time
  std::vector<Suspect> suspects;
};

// One reason each, the first of Suspicion that applies. A jump is measured against the last good close, put on today's
// terms by the splits between; a level that the bar after a suspected jump confirms is taken from that bar on.
CheckedBars CheckBars(const SaidBars& said, const QualityRules& rules);
// The same where splits have to be asked for: `splits` is called only when there is a jump to explain.
CheckedBars CheckBars(SaidBars said, const QualityRules& rules,
                      const std::function<std::vector<CorporateAction>()>& splits);

// {"time":"2024-05-06T00:00:00Z","open":1,...}: what the quarantine keeps of a bar.
std::string ContentOf(const Bar& bar);

}  // namespace papertape::market
