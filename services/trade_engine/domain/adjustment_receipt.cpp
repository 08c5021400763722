#include "services/trade_engine/domain/adjustment_receipt.h"

#include <algorithm>

#include "fmt/format.h"

namespace papertape::trade_engine {
namespace {

// What the terms give; nothing when they leave the exact range.
struct Remade {
  Position after;
  Money amount;
};

std::optional<Remade> MakeAgain(const Trade& trade, const Adjustment& adjustment) {
  const Position& before = adjustment.before;
  if (const auto* const dividend = std::get_if<Dividend>(&adjustment.terms)) {
    const auto amount = Pay(*dividend, before.is_long, before.quantity);
    if (!amount.ok()) return std::nullopt;
    return Remade{.after = before, .amount = *amount};
  }
  const auto& split = std::get<Split>(adjustment.terms);
  if (adjustment.after_close) {
    const auto owed = Compensate(split, before.is_long, before.quantity, trade.exit_price.value_or(Price()));
    if (!owed.ok()) return std::nullopt;
    return Remade{.after = before, .amount = *owed};
  }
  const auto done = Apply(split, before);
  if (!done.ok()) return std::nullopt;
  return Remade{.after = done->position, .amount = done->rounding};
}

std::string_view CreditedOrDebited(Money amount) { return amount < Money() ? "debited" : "credited"; }
std::string Magnitude(Money amount) { return Format(amount < Money() ? -amount : amount); }

std::string Moved(std::string_view what, std::optional<Price> before, std::optional<Price> after) {
  if (!before || !after) return "";
  return fmt::format("; the {} moved from {} to {}", what, Format(*before), Format(*after));
}

std::string ExplainSplit(const Trade& trade, const Adjustment& adjustment, const Split& split) {
  std::string text = fmt::format("{}: {} split {} for {}.", FormatDate(adjustment.ex_date), trade.symbol,
                                 Format(split.numerator), Format(split.denominator));
  const Position& before = adjustment.before;
  const Position& after = adjustment.after;
  if (adjustment.after_close) {
    return text + fmt::format(
                      " Nobody knew of it when the trade was closed for {} shares at {}: {} {} for the shares "
                      "that it did not count, at the same price.",
                      Format(before.quantity), Format(trade.exit_price.value_or(Price())), Magnitude(adjustment.amount),
                      CreditedOrDebited(adjustment.amount));
  }
  text += fmt::format(
      " {} shares entered at {} became {} at {}{}{}. What was paid for them and what is held for them "
      "stayed the same.",
      Format(before.quantity), Format(before.entry_price), Format(after.quantity), Format(after.entry_price),
      Moved("stop", before.stop_loss, after.stop_loss), Moved("target", before.target_price, after.target_price));
  if (adjustment.amount.is_zero()) return text;
  return text + fmt::format(" Rounding the entry price to a millionth moved {}, which was {}.",
                            Magnitude(adjustment.amount), CreditedOrDebited(adjustment.amount));
}

std::string ExplainDividend(const Trade& trade, const Adjustment& adjustment, const Dividend& dividend) {
  std::string text = fmt::format("{}: {} paid {} a share: {} {} for {} shares.", FormatDate(adjustment.ex_date),
                                 trade.symbol, Format(dividend.amount), Magnitude(adjustment.amount),
                                 CreditedOrDebited(adjustment.amount), Format(adjustment.before.quantity));
  if (!adjustment.before.is_long) text += " Who has sold short owes the dividend to the lender of the shares.";
  if (adjustment.after_close) text += " The trade was held when that day began and had been closed when it was paid.";
  return text;
}

std::string Explain(const Trade& trade, const AdjustmentReceipt& receipt) {
  const Adjustment& adjustment = receipt.adjustment;
  const auto* const split = std::get_if<Split>(&adjustment.terms);
  std::string text = split != nullptr ? ExplainSplit(trade, adjustment, *split)
                                      : ExplainDividend(trade, adjustment, std::get<Dividend>(adjustment.terms));
  if (adjustment.late) {
    text += fmt::format(" It was applied late, at {}: it was not known before, or the engine was away.",
                        FormatRfc3339(adjustment.applied_at));
  }
  if (adjustment.corrected) text += " It was told otherwise afterwards; what had been applied stays.";
  if (!receipt.agrees) text += " Made again from its terms it comes out differently: this record does not agree.";
  return text;
}

}  // namespace

AdjustmentReceipts ExplainAdjustments(const Trade& trade, const Order& opened,
                                      const std::vector<Adjustment>& adjustments) {
  AdjustmentReceipts receipts{.entry_price = opened.price};
  Quantity quantity = opened.quantity;
  for (const Adjustment& adjustment : adjustments) {
    AdjustmentReceipt receipt{.adjustment = adjustment};
    const std::optional<Remade> remade = MakeAgain(trade, adjustment);
    const Position& before = adjustment.before;
    receipt.agrees = remade && remade->after == adjustment.after && remade->amount == adjustment.amount &&
                     before.quantity == quantity && before.entry_price == receipts.entry_price;
    if (remade) receipt.recomputed_amount = remade->amount;
    receipt.explanation = Explain(trade, receipt);
    quantity = adjustment.after.quantity;
    receipts.entry_price = adjustment.after.entry_price;
    receipts.recomputed_income =
        Money::FromMicros(receipts.recomputed_income.micros() + receipt.recomputed_amount.micros());
    receipts.each.push_back(std::move(receipt));
  }
  receipts.agrees = receipts.entry_price == trade.entry_price && quantity == trade.quantity &&
                    receipts.recomputed_income == trade.income &&
                    std::all_of(receipts.each.begin(), receipts.each.end(),
                                [](const AdjustmentReceipt& receipt) { return receipt.agrees; });
  return receipts;
}

}  // namespace papertape::trade_engine
