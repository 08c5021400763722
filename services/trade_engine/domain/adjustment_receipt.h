// What a corporate action did to a trade: made again from its terms, compared with what was stored, and said in words.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

struct AdjustmentReceipt {
  Adjustment adjustment;
  Money recomputed_amount;
  bool agrees = false;      // with what was stored, and with what stood before it
  std::string explanation;  // a sentence or three, in English
};

// What all of them come to.
struct AdjustmentReceipts {
  std::vector<AdjustmentReceipt> each;
  Price entry_price;        // afterwards
  Money recomputed_income;  // of all
  bool agrees = false;      // each does, and the trade is as they leave it
};

// `adjustments` in order; `opened` is the order that opened the trade.
AdjustmentReceipts ExplainAdjustments(const Trade& trade, const Order& opened,
                                      const std::vector<Adjustment>& adjustments);

}  // namespace papertape::trade_engine
