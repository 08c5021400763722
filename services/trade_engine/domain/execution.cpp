#include "services/trade_engine/domain/execution.h"

#include "libs/execution/slippage.h"
#include "libs/status/status.h"

namespace papertape::trade_engine {
namespace {

execution::Market MarketOf(const Quote& quote) { return {.last = quote.last, .bid = quote.bid, .ask = quote.ask}; }

}  // namespace

absl::StatusOr<Terms> TermsOf(const Account& account, const Quote& quote, Side side, Quantity quantity,
                              Timestamp time) {
  PT_ASSIGN_OR_RETURN(const execution::SlippageModel slippage, execution::ParseSlippage(account.slippage_model));
  PT_ASSIGN_OR_RETURN(const execution::FeeModel fees, execution::ParseFees(account.fee_model));
  Terms terms;
  PT_ASSIGN_OR_RETURN(terms.price, execution::FillPrice(slippage, MarketOf(quote), side, quantity));
  PT_ASSIGN_OR_RETURN(
      terms.fees, execution::FeesOf(fees, {.side = side, .price = terms.price, .quantity = quantity, .time = time}));
  return terms;
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
