// At what price a market order fills and what it costs, by the account's models. Pure: same input, same fill.
#pragma once

#include "absl/status/statusor.h"
#include "libs/execution/fees.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// The price and the cost of one fill.
struct Terms {
  Price price;
  execution::Fees fees;
};

// How a market order fills on `quote` under the account's models (libs/execution). AMOUNT_OUT_OF_RANGE.
absl::StatusOr<Terms> TermsOf(const Account& account, const Quote& quote, Side side, Quantity quantity, Timestamp time);

// (to - from) * quantity for a long, the negative for a short.
absl::StatusOr<Money> ProfitBetween(Side side, Price from, Price to, Quantity quantity);

// Whether the last price has reached a stop or a target of a trade on `side`.
bool StopCrossed(Side side, Price stop_loss, Price last);
bool TargetCrossed(Side side, Price target_price, Price last);

}  // namespace papertape::trade_engine
