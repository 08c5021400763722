#include "services/trade_engine/domain/corporate_action.h"

#include <algorithm>
#include <limits>

#include "fmt/format.h"
#include "libs/calendar/calendar.h"
#include "libs/status/status.h"

namespace papertape::trade_engine {
namespace {

// A price on the terms after the split, never 0.
absl::StatusOr<Price> Divide(const Split& split, Price price, Rounding rounding) {
  PT_ASSIGN_OR_RETURN(const std::int64_t micros,
                      MulDiv(price.micros(), split.denominator.micros(), split.numerator.micros(), rounding));
  return Price::FromMicros(std::max<std::int64_t>(micros, 1));
}

absl::StatusOr<std::optional<Price>> DivideLevel(const Split& split, std::optional<Price> level, bool fires_on_fall) {
  if (!level) return std::optional<Price>();
  PT_ASSIGN_OR_RETURN(const Price divided, Divide(split, *level, fires_on_fall ? Rounding::kDown : Rounding::kUp));
  return std::optional(divided);
}

// What rounding the entry price adds to the cost of `quantity` shares.
absl::StatusOr<Money> MovedByRounding(const Split& split, Price before, Price after, Quantity quantity) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kMicrosPerUnit;
  if (split.numerator.micros() > kMost) return Error(Reason::kAMOUNT_OUT_OF_RANGE);
  // after * numerator - before * denominator: the products may leave 64 bits, their difference does not, being at most
  // half a numerator.
  const auto wrapped = [](std::int64_t a, std::int64_t b) {
    return static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b);
  };
  const auto over = static_cast<std::int64_t>(wrapped(after.micros(), split.numerator.micros()) -
                                              wrapped(before.micros(), split.denominator.micros()));
  PT_ASSIGN_OR_RETURN(const std::int64_t micros,
                      MulDiv(quantity.micros(), over, split.numerator.micros() * kMicrosPerUnit, Rounding::kHalfEven));
  return Money::FromMicros(micros);
}

}  // namespace

std::string IdOf(const CorporateAction& action) {
  return fmt::format("{}/{}/{}", action.symbol, FormatDate(action.ex_date), Name(action.terms));
}

Timestamp BeginsAt(const CorporateAction& action) {
  const calendar::Calendar* const exchange = calendar::FindCalendar(action.exchange);
  if (exchange == nullptr) return action.ex_date;
  const calendar::Date day(std::chrono::floor<std::chrono::days>(action.ex_date).time_since_epoch());
  return calendar::ToInstant(exchange->zone(), day, std::chrono::minutes(0));
}

bool IsSplit(const CorporateAction& action) { return std::holds_alternative<Split>(action.terms); }

std::string_view Name(const ActionTerms& terms) { return std::holds_alternative<Split>(terms) ? "split" : "dividend"; }

absl::StatusOr<SplitPosition> Apply(const Split& split, const Position& before) {
  SplitPosition result{.position = before};
  Position& after = result.position;
  PT_ASSIGN_OR_RETURN(const std::int64_t quantity, MulDiv(before.quantity.micros(), split.numerator.micros(),
                                                          split.denominator.micros(), Rounding::kDown));
  after.quantity = Quantity::FromMicros(std::max<std::int64_t>(quantity, 1));
  PT_ASSIGN_OR_RETURN(after.entry_price, Divide(split, before.entry_price, Rounding::kHalfEven));
  PT_ASSIGN_OR_RETURN(after.stop_loss, DivideLevel(split, before.stop_loss, before.is_long));
  PT_ASSIGN_OR_RETURN(after.target_price, DivideLevel(split, before.target_price, !before.is_long));

  PT_ASSIGN_OR_RETURN(const Money moved, MovedByRounding(split, before.entry_price, after.entry_price, after.quantity));
  result.rounding = before.is_long ? moved : -moved;
  return result;
}

absl::StatusOr<Money> Pay(const Dividend& dividend, bool is_long, Quantity quantity) {
  PT_ASSIGN_OR_RETURN(const Money amount, Notional(dividend.amount, quantity));
  return is_long ? amount : -amount;
}

absl::StatusOr<Money> Compensate(const Split& split, bool is_long, Quantity quantity, Price exit_price) {
  PT_ASSIGN_OR_RETURN(const std::int64_t held,
                      MulDiv(quantity.micros(), split.numerator.micros(), split.denominator.micros(), Rounding::kDown));
  PT_ASSIGN_OR_RETURN(const Money owed, Notional(exit_price, Quantity::FromMicros(held - quantity.micros())));
  return is_long ? owed : -owed;
}

}  // namespace papertape::trade_engine
