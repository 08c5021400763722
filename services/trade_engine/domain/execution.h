// At what price a market order fills, what it costs and what it holds. Pure: same input, same fill.
#pragma once

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// A buy pays the ask, a sell gets the bid; without them the last price. `slippage_model` is the account's: "none" adds
// nothing.
Price FillPrice(const Quote& quote, Side side);

// Fee of one fill under the account's `fee_model`: "none" charges nothing.
Money FillFee(const Account& account, Price price, Quantity quantity);

// What a new trade holds of the account: notional * rate, rounded up to the next millionth.
absl::StatusOr<Money> RequiredMargin(Price price, Quantity quantity, std::int64_t margin_rate_bps);

// (to - from) * quantity for a long, the negative for a short.
absl::StatusOr<Money> ProfitBetween(Side side, Price from, Price to, Quantity quantity);

// Whether the last price has reached a stop or a target of a trade on `side`.
bool StopCrossed(Side side, Price stop_loss, Price last);
bool TargetCrossed(Side side, Price target_price, Price last);

}  // namespace papertape::trade_engine
