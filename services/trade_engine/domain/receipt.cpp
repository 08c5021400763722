#include "services/trade_engine/domain/receipt.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/domain/execution.h"

namespace papertape::trade_engine {
namespace {

QuoteSide SideUsed(const Quote& quote, Side side) {
  if (side == Side::kBuy) return quote.ask ? QuoteSide::kAsk : QuoteSide::kLast;
  return quote.bid ? QuoteSide::kBid : QuoteSide::kLast;
}

Price PriceUsed(const FillReceipt& fill) {
  const Quote& quote = fill.order.quote;
  if (fill.used == QuoteSide::kAsk) return *quote.ask;
  return fill.used == QuoteSide::kBid ? *quote.bid : quote.last;
}

Price SlippageOf(const FillReceipt& fill) {
  const std::int64_t over = fill.recomputed.price.micros() - PriceUsed(fill).micros();
  return Price::FromMicros(fill.order.side == Side::kBuy ? over : -over);
}

std::optional<Price> TriggerOf(const Trade& trade) {
  if (trade.exit_reason == ExitReason::kStopLoss) return trade.stop_loss;
  if (trade.exit_reason == ExitReason::kTargetPrice) return trade.target_price;
  return std::nullopt;
}

std::string WhyClosed(const Trade& trade, const FillReceipt& fill) {
  if (trade.exit_reason == ExitReason::kManual) return " Its owner asked for it.";
  if (trade.exit_reason == ExitReason::kExitAll) return " Its owner asked to close everything.";
  if (!fill.trigger) return "";
  const std::string_view name = trade.exit_reason == ExitReason::kStopLoss ? "stop" : "target";
  std::string why = fmt::format(" The last price, {}, had reached the {} of {}.", Format(fill.order.quote.last), name,
                                Format(*fill.trigger));
  if (fill.beyond_trigger > Price()) {
    why += fmt::format(" The fill is {} worse than the {}: an exit is filled at the market, not at the {}.",
                       Format(fill.beyond_trigger), name, name);
  }
  if (fill.beyond_trigger < Price()) {
    why += fmt::format(" The fill is {} better than the {}.", Format(-fill.beyond_trigger), name);
  }
  return why;
}

std::string DescribeSlippage(const Account& account, const FillReceipt& fill) {
  if (fill.slippage.is_zero()) return fmt::format(" Slippage ({}) added nothing", account.slippage_model);
  return fmt::format(" Slippage ({}) makes it {} worse than that", account.slippage_model, Format(fill.slippage));
}

std::string DescribeFee(const Account& account, const FillReceipt& fill) {
  std::string text = fmt::format("; the fee ({}) is {}", account.fee_model, Format(fill.order.fee));
  const std::vector<execution::FeeLine>& lines = fill.recomputed.fees.lines;
  for (std::size_t i = 0; lines.size() > 1 && i < lines.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? ": " : ", ", lines[i].name, Format(lines[i].amount));
  }
  return text + ".";
}

std::string Explain(const Trade& trade, const Account& account, const FillReceipt& fill) {
  const Order& order = fill.order;
  const Quote& quote = order.quote;
  std::string text = fmt::format(
      "{} {} {} at {}: {}the {} that {} quoted at {}{}.", order.side == Side::kBuy ? "Bought" : "Sold",
      Format(order.quantity), order.symbol, Format(order.price),
      fill.slippage.is_zero() ? "" : Format(PriceUsed(fill)) + ", ",
      fill.used == QuoteSide::kLast ? "last price" : Name(fill.used), quote.source, FormatRfc3339(quote.time),
      fill.used == QuoteSide::kLast ? (order.side == Side::kBuy ? ", which named no ask" : ", which named no bid")
                                    : "");
  if (!order.opens) text += WhyClosed(trade, fill);
  text += DescribeSlippage(account, fill) + DescribeFee(account, fill);
  if (!fill.agrees) {
    text += fmt::format(" Made again from the stored quote the price is {}: this record does not agree with itself.",
                        Format(fill.recomputed.price));
  }
  return text;
}

absl::StatusOr<FillReceipt> MakeFill(const Trade& trade, const Order& order, const Account& account) {
  FillReceipt fill{.order = order, .used = SideUsed(order.quote, order.side)};
  PT_ASSIGN_OR_RETURN(fill.recomputed, TermsOf(account, order.quote, order.side, order.quantity, order.created_at));
  fill.slippage = SlippageOf(fill);
  if (!order.opens) fill.trigger = TriggerOf(trade);
  if (fill.trigger) {
    const std::int64_t over = order.price.micros() - fill.trigger->micros();
    fill.beyond_trigger = Price::FromMicros(order.side == Side::kBuy ? over : -over);
  }
  fill.agrees = fill.recomputed.price == order.price && fill.recomputed.fees.total == order.fee &&
                (order.opens || order.price == trade.exit_price.value_or(Price()));
  fill.explanation = Explain(trade, account, fill);
  return fill;
}

}  // namespace

std::string_view Name(QuoteSide side) {
  switch (side) {
    case QuoteSide::kBid:
      return "bid";
    case QuoteSide::kAsk:
      return "ask";
    case QuoteSide::kLast:
      return "last";
  }
  return "last";
}

absl::StatusOr<Receipt> MakeReceipt(const Trade& trade, const std::vector<Order>& orders, const Account& account,
                                    const std::vector<Adjustment>& adjustments) {
  Receipt receipt{.trade = trade};
  for (const Order& order : orders) {
    PT_ASSIGN_OR_RETURN(FillReceipt fill, MakeFill(trade, order, account));
    receipt.fills.push_back(std::move(fill));
  }
  std::stable_sort(receipt.fills.begin(), receipt.fills.end(),
                   [](const FillReceipt& a, const FillReceipt& b) { return a.order.opens && !b.order.opens; });
  const Order none{.quantity = trade.quantity, .price = trade.entry_price};
  AdjustmentReceipts adjusted =
      ExplainAdjustments(trade, receipt.fills.empty() ? none : receipt.fills.front().order, adjustments);
  receipt.adjustments = std::move(adjusted.each);
  Money fees;
  for (const FillReceipt& fill : receipt.fills) {
    PT_ASSIGN_OR_RETURN(fees, Add(fees, fill.recomputed.fees.total));
  }
  receipt.agrees =
      receipt.fills.size() == (trade.closed_at ? 2U : 1U) && fees == trade.fees && adjusted.agrees &&
      std::all_of(receipt.fills.begin(), receipt.fills.end(), [](const FillReceipt& fill) { return fill.agrees; });
  if (!trade.closed_at || receipt.fills.size() != 2) return receipt;
  PT_ASSIGN_OR_RETURN(const Money gross, ProfitBetween(trade.side, adjusted.entry_price,
                                                       receipt.fills[1].recomputed.price, trade.quantity));
  PT_ASSIGN_OR_RETURN(const Money net, Subtract(gross, fees));
  PT_ASSIGN_OR_RETURN(receipt.recomputed_pnl, Add(net, adjusted.recomputed_income));
  receipt.agrees = receipt.agrees && receipt.recomputed_pnl == trade.pnl;
  return receipt;
}

}  // namespace papertape::trade_engine
