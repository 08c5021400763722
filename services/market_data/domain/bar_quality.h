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
  std::optional<Bar> after;             // the bar recorded after the last; absent: nothing confirms a jump of the last
  std::vector<CorporateAction> splits;  // what explains a jump; other actions are passed over
};

struct QualityRules {
  Timestamp now;              // no bar begins after it
  int largest_jump_pct = 40;  // of the close before, up or down
};

struct CheckedBars {
  std::vector<Bar> good;  // strictly ascending in time
  std::vector<Suspect> suspects;
  std::vector<Suspect> acquitted;  // jumps that lasted: they stand in `good`
};

// One reason each, the first of Suspicion that applies. A jump is measured against the last good close, put on today's
// terms by the splits between; one that the next bar confirms has lasted, and is good after all.
CheckedBars CheckBars(const SaidBars& said, const QualityRules& rules);
// Adds what it knows of splits, or of the bar behind, to what was said.
using Explain = std::function<void(SaidBars&)>;
// The same where explanations have to be fetched: each is asked only while there is a jump that nothing explains.
CheckedBars CheckBars(SaidBars said, const QualityRules& rules, const std::vector<Explain>& explanations);

// {"time":"2024-05-06T00:00:00Z","open":1,...}: what the quarantine keeps of a bar.
std::string ContentOf(const Bar& bar);

}  // namespace papertape::market
