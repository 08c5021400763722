// Why each fill of a trade has its price: made again from what was stored with it, compared, and said in words. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/adjustment_receipt.h"
#include "services/trade_engine/domain/execution.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// Which price of the quote a fill used.
enum class QuoteSide : std::uint8_t { kBid, kAsk, kLast };
std::string_view Name(QuoteSide side);  // bid, ask, last

struct FillReceipt {
  Order order;  // with the quote
  QuoteSide used = QuoteSide::kLast;
  Terms recomputed;              // from the stored quote, under the account's models
  Price slippage;                // how much worse than the price used the fill is; 0 or more
  std::optional<Price> trigger;  // the stop or target that the exit is due to
  Price beyond_trigger;          // how much worse than it the fill is; negative: better
  bool agrees = false;           // with what was stored
  std::string explanation;       // a sentence or three, in English
};

struct Receipt {
  Trade trade;
  std::vector<FillReceipt> fills;  // the opening one first
  std::vector<AdjustmentReceipt> adjustments;
  std::optional<Money> recomputed_pnl;  // once closed
  bool agrees = false;                  // everything made again is what was stored
};

// `orders` and `adjustments`, these in order, are those of the trade. AMOUNT_OUT_OF_RANGE when a product leaves the
// exact range.
absl::StatusOr<Receipt> MakeReceipt(const Trade& trade, const std::vector<Order>& orders, const Account& account,
                                    const std::vector<Adjustment>& adjustments = {});

}  // namespace papertape::trade_engine
