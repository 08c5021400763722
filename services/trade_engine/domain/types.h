// The nouns of paper trading. Plain values; every amount is exact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/clock/clock.h"
#include "libs/execution/fill.h"
#include "libs/money/money.h"
#include "services/trade_engine/domain/corporate_action.h"

namespace papertape::trade_engine {

using execution::Opposite;
using execution::Side;

enum class TradeStatus : std::uint8_t { kActive, kClosed, kStopLossHit, kTargetHit, kMarginClosed };

// Why a trade was closed.
enum class ExitReason : std::uint8_t { kManual, kExitAll, kStopLoss, kTargetPrice };

// How far the tape has been followed: the entry applied last, the session of the market that it belongs to (0: the live
// one) and what the market's clock showed after it.
struct TapePosition {
  std::string entry;              // its id in the stream `ticks`; empty before the first
  std::int64_t session = 0;       // whose books are open
  std::int64_t clock_micros = 0;  // since 1970; 0 in the live market, which has the machine's time
  bool operator==(const TapePosition&) const = default;
};

// What a symbol cost at one moment. Without bid and ask (an index) fills use the last price.
struct Quote {
  std::string symbol;
  Price last;
  std::optional<Price> bid;
  std::optional<Price> ask;
  Timestamp time;      // when the price was made at its source
  std::string source;  // "simulator", "replay", a provider's name
};

// A paper account. Invariant, also held by the database: available + utilized = deposit + realized_pnl.
struct Account {
  std::int64_t user_id = 0;
  std::string portfolio_id;
  Money deposit;
  Money available;     // may fall below zero when a gap loses more than the account had free
  Money utilized;      // held for active trades
  Money realized_pnl;  // after every fee charged so far
  std::string fee_model = "none";
  std::string slippage_model = "none";
  std::int64_t total_trades = 0;
  std::int64_t closed_trades = 0;
  std::int64_t winning_trades = 0;
  std::int64_t losing_trades = 0;
  std::int64_t last_seq = 0;  // of the account's events
  Timestamp created_at;
  Timestamp updated_at;
};

// One round trip.
struct Trade {
  std::int64_t user_id = 0;
  std::string trade_id;
  std::string symbol;
  Side side = Side::kBuy;
  Quantity quantity;
  Price entry_price;
  std::optional<Price> stop_loss;
  std::optional<Price> target_price;
  TradeStatus status = TradeStatus::kActive;
  Money margin_used;  // 0 once closed
  Money fees;         // of all fills
  Money income;       // what corporate actions paid it; negative: took from it
  std::string quote_source;
  Timestamp quote_time;  // of the quote that opened it: older ticks cannot close it
  std::optional<Price> exit_price;
  std::optional<ExitReason> exit_reason;
  std::optional<Money> pnl;  // after fees, with the income; present once closed
  Timestamp created_at;
  std::optional<Timestamp> closed_at;
};

// One executed market order with its fill and the quote that the fill used.
struct Order {
  std::int64_t user_id = 0;
  std::int64_t account_seq = 0;  // of the event that it belongs to; 0 when read from the tables, which do not keep it
  std::string order_id;
  std::string trade_id;
  std::string symbol;
  Side side = Side::kBuy;
  bool opens = true;  // false: closes its trade
  Quantity quantity;
  Price price;
  Money fee;
  Money realized_pnl;  // of this order, after fees; 0 for one that opens
  Quote quote;
  Timestamp created_at;
};

// The books of an account's ledger. `kDeposit`, `kPnl` and `kDividends` are where money comes from and goes to.
enum class LedgerBook : std::uint8_t { kDeposit, kCash, kMargin, kPnl, kFees, kDividends };

// Money moved from one book to another: balanced by construction.
struct Transfer {
  std::int64_t user_id = 0;
  std::int64_t account_seq = 0;  // of the event that it belongs to
  int line = 0;                  // within that event
  LedgerBook from = LedgerBook::kCash;
  LedgerBook to = LedgerBook::kCash;
  Money amount;  // more than 0
  std::string trade_id;
  Timestamp created_at;
};

// What happened to an account, as published.
enum class EventKind : std::uint8_t {
  kAccountOpened,
  kTradeOpened,
  kTradeExited,
  kStopLossHit,
  kTargetHit,
  kTradeChanged,
  kAccountCarriedOver,  // the first event of an account that is older than the log
  kSplitApplied,
  kDividendPaid
};

// What sets an event off. Of what nobody asked for the request id is empty.
struct Cause {
  std::string_view request_id;
  // "request", "tick 1763700000000-0": the entry of `ticks` that fired a trigger, "action AAPL/2024-06-10/split"
  std::string_view what = kRequest;

  static constexpr std::string_view kRequest = "request";
};

struct Event {
  std::string event_id;
  EventKind kind = EventKind::kAccountOpened;
  std::int64_t account_seq = 0;
  Account account;             // after the event
  std::optional<Trade> trade;  // after the event
  std::string request_id;      // empty for a trigger
  Timestamp time;
  std::string cause;                     // Cause::what
  std::optional<Adjustment> adjustment;  // of kSplitApplied and kDividendPaid
};

// Words that people read, in the database and on the wire.
std::string_view Name(Side side);           // BUY, SELL
std::string_view Name(TradeStatus status);  // ACTIVE, CLOSED, STOP_LOSS_HIT, TARGET_HIT, MARGIN_CLOSED
std::string_view Name(ExitReason reason);   // manual, exit_all, stop_loss, target_price
std::string_view Name(LedgerBook book);     // deposit, cash, margin, pnl, fees, dividends
std::optional<Side> ParseSide(std::string_view name);
std::optional<TradeStatus> ParseTradeStatus(std::string_view name);
std::optional<ExitReason> ParseExitReason(std::string_view name);
std::optional<LedgerBook> ParseLedgerBook(std::string_view name);

}  // namespace papertape::trade_engine
