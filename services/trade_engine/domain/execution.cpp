#include "services/trade_engine/domain/execution.h"

#include "libs/status/status.h"

namespace papertape::trade_engine {

Price FillPrice(const Quote& quote, Side side) {
  return side == Side::kBuy ? quote.ask.value_or(quote.last) : quote.bid.value_or(quote.last);
}

Money FillFee(const Account& /*account*/, Price /*price*/, Quantity /*quantity*/) {
  return Money();  // "none" is the one fee model that accounts can have
}

absl::StatusOr<Money> RequiredMargin(Price price, Quantity quantity, std::int64_t margin_rate_bps) {
  PT_ASSIGN_OR_RETURN(const Money notional, Notional(price, quantity, Rounding::kUp));
  return BasisPointsOf(notional, margin_rate_bps, Rounding::kUp);
}

absl::StatusOr<Money> ProfitBetween(Side side, Price from, Price to, Quantity quantity) {
  const Price move = Price::FromMicros(to.micros() - from.micros());
  return Notional(side == Side::kBuy ? move : -move, quantity);
}

bool StopCrossed(Side side, Price stop_loss, Price last) {
  return side == Side::kBuy ? last <= stop_loss : last >= stop_loss;
}

bool TargetCrossed(Side side, Price target_price, Price last) {
  return side == Side::kBuy ? last >= target_price : last <= target_price;
}

}  // namespace papertape::trade_engine
