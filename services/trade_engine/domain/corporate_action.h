// What a company does to its shares, as market_data tells it, and what that does to a position. Pure and exact.
//
// A split multiplies the shares and divides every price. Shares are kept to a millionth, rounded down, and never less
// than a millionth; prices are rounded to a millionth, a level that fires when the price falls to it down and one that
// fires when the price rises to it up, so that no price which had not reached a level has reached it on the new terms.
// What rounding the entry price moves in the position's profit is `rounding`: settled in cash, so that the profit of
// the whole trade is what it would have been. What is left of a share below a millionth goes back at its cost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::trade_engine {

// `numerator` new shares for `denominator` old ones, both positive: 4 and 1, or 1 and 10.
struct Split {
  Quantity numerator;
  Quantity denominator;
  friend bool operator==(const Split&, const Split&) = default;
};

// Cash for each share held when the ex-date begins, positive.
struct Dividend {
  Price amount;
  friend bool operator==(const Dividend&, const Dividend&) = default;
};

using ActionTerms = std::variant<Split, Dividend>;

// At most one split and one dividend of a symbol on a day. Told again with a higher revision when it is corrected.
struct CorporateAction {
  std::int64_t session = 0;  // of the market whose positions it reaches
  std::string symbol;
  std::string exchange;  // market identifier code: whose day it is
  Timestamp ex_date;     // midnight UTC of the first day that trades without it
  ActionTerms terms;
  std::int64_t revision = 1;
  bool withdrawn = false;  // announced before, and not to happen
  bool foretold = true;    // known before its ex-date began: prices that are made up took it, too
  std::string source;      // who told market_data
  friend bool operator==(const CorporateAction&, const CorporateAction&) = default;
};

// The same whatever its revision: "AAPL/2024-06-10/split".
std::string IdOf(const CorporateAction& action);
// When its ex-date begins on the exchange's own clock; UTC's for an exchange without a calendar.
Timestamp BeginsAt(const CorporateAction& action);
bool IsSplit(const CorporateAction& action);
std::string_view Name(const ActionTerms& terms);  // split, dividend

// What a split changes of a trade.
struct Position {
  bool is_long = true;
  Quantity quantity;
  Price entry_price;
  std::optional<Price> stop_loss;
  std::optional<Price> target_price;
  friend bool operator==(const Position&, const Position&) = default;
};

struct SplitPosition {
  Position position;
  Money rounding;  // to be credited; negative: to be debited
};

// AMOUNT_OUT_OF_RANGE when the shares or a price leave the exact range.
absl::StatusOr<SplitPosition> Apply(const Split& split, const Position& before);
// What a dividend credits to a long; a short is debited the same: negative.
absl::StatusOr<Money> Pay(const Dividend& dividend, bool is_long, Quantity quantity);
// What is still owed for a trade of `quantity` that was closed at `exit_price` as if there had been no split: the
// shares that it had and nobody knew of, sold or bought back at the same price.
absl::StatusOr<Money> Compensate(const Split& split, bool is_long, Quantity quantity, Price exit_price);

// What one corporate action did to one trade: each at most once.
struct Adjustment {
  std::int64_t user_id = 0;
  std::string trade_id;
  std::string action_id;
  std::int64_t account_seq = 0;  // of the event that it belongs to
  ActionTerms terms;             // as they were applied
  std::int64_t revision = 1;
  Timestamp ex_date;
  std::string source;
  Position before;
  Position after;            // the same for a dividend and for a trade that was closed
  Money amount;              // credited to the account, negative: debited; part of the trade's profit
  bool late = false;         // applied after the ex-date had begun, because nobody knew or the engine was away
  bool after_close = false;  // the trade had been closed by then
  Timestamp applied_at;
  bool corrected = false;  // told again with other terms after it had been applied; set by the archive alone
};

}  // namespace papertape::trade_engine
