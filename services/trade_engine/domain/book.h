// The engine's state: accounts, active trades, triggers, newest quotes. One thread owns it. A decision checks
// everything first and then changes the book and the batch together, so a refused command changes nothing; the same
// commands in the same order give the same book, whatever the machine. Money never leaves the exact range: sums that
// would are refused.
//
// Order of refusal: account, trade, quote, margin, amount.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/execution/margin.h"
#include "libs/ids/ids.h"
#include "services/trade_engine/domain/action_calendar.h"
#include "services/trade_engine/domain/batch.h"
#include "services/trade_engine/domain/commands.h"
#include "services/trade_engine/domain/excursions.h"
#include "services/trade_engine/domain/execution.h"
#include "services/trade_engine/domain/trigger_index.h"

namespace papertape::trade_engine {

struct BookOptions {
  Money initial_deposit = Money::FromUnits(100'000);
  execution::MarginModel margin;  // of new trades
  // Of new accounts, as libs/execution reads them.
  std::string fee_model = "none";
  std::string slippage_model = "none";
  std::chrono::milliseconds quote_age_max{5'000};  // an older quote fills nothing
  std::chrono::hours replies_kept{24};             // how long a repetition is recognised
};

// What a book is rebuilt from.
struct Snapshot {
  std::vector<Account> accounts;
  std::vector<Trade> active_trades;
  std::vector<RememberedReply> replies;
  std::vector<KeptAction> actions;  // those to come, and those of the last weeks
  KeptExtremes extremes;            // of open trades' symbols
  TapePosition tick_position;       // all of the above is of its session
};

// What became of a corporate action whose ex-date has begun.
struct ActionApplied {
  CorporateAction action;
  bool late = false;
  std::size_t trades = 0;   // adjusted
  std::size_t refused = 0;  // left as they were, because a figure would have left the exact range
};

// A symbol's newest quote.
using QuoteMap = std::unordered_map<std::string, Quote>;

class Book {
 public:
  Book(BookOptions options, IdSource& ids) : options_(std::move(options)), ids_(ids) {}

  // Forgets everything, the quotes only where the snapshot is of another session, and takes over the snapshot. What
  // should have been applied before `now` is applied late.
  void Restore(const Snapshot& snapshot, Timestamp now);

  // Each decides one command at `now` for the request `request_id` and records its effects in `batch`.
  absl::StatusOr<AccountOpened> Decide(const OpenAccount& command, Timestamp now, std::string_view request_id,
                                       Batch& batch);
  absl::StatusOr<TradeOpened> Decide(const OpenTrade& command, Timestamp now, std::string_view request_id,
                                     Batch& batch);
  absl::StatusOr<TradeChanged> Decide(const ChangeTrade& command, Timestamp now, std::string_view request_id,
                                      Batch& batch);
  absl::StatusOr<TradesExited> Decide(const ExitTrade& command, Timestamp now, std::string_view request_id,
                                      Batch& batch);
  absl::StatusOr<TradesExited> Decide(const ExitAllTrades& command, Timestamp now, std::string_view request_id,
                                      Batch& batch);
  absl::StatusOr<ActionSettled> Decide(const SettleAction& command, Timestamp now, std::string_view request_id,
                                       Batch& batch);
  // Corporate actions wait until their ex-date begins on the exchange's clock, and then reach every trade that was
  // opened before: ApplyDue applies those that have begun by `now`, Tick those of its symbol that have begun by the
  // price's own time.
  void Learn(const CorporateAction& action, Timestamp now);
  void ApplyDue(Timestamp now, Batch& batch);
  // What was applied since it was asked last.
  std::vector<ActionApplied> TakeApplied() { return std::exchange(applied_, {}); }
  // One price: remembers it and closes the trades whose stop or target it crosses. Where it crosses both, the stop
  // wins. `entry` is where in `ticks` it stands: the cause of what it closes.
  void Tick(const Quote& quote, Timestamp now, Batch& batch, std::string_view entry = {});

  // How far open trades have been up and down: prices from before the books' position are counted again after Restore,
  // then it begins; `gap`: some are lost.
  void CountAgain(const Quote& quote) { excursions_.CountAgain(SymbolIdOf(quote.symbol), quote); }
  void BeginCounting(bool gap) { excursions_.Begin(gap); }
  [[nodiscard]] ExtremesChange TakeExtremes() { return excursions_.TakeChange(); }

  // Idempotency: the remembered reply for a key, or null.
  [[nodiscard]] const RememberedReply* FindReply(std::int64_t user_id, const std::string& key) const;
  void Remember(const RememberedReply& reply, Batch& batch);

  [[nodiscard]] const QuoteMap& quotes() const { return quotes_; }
  [[nodiscard]] std::size_t active_trades() const { return slot_of_.size(); }

 private:
  using Slot = TriggerIndex::Slot;
  struct AccountState {
    Account account;
    std::vector<Slot> active;  // ascending by trade id
  };

  absl::StatusOr<const Quote*> FreshQuote(const std::string& symbol, const std::optional<Quote>& offered,
                                          Timestamp now);
  [[nodiscard]] Account BlankAccount() const;
  AccountState& NewAccount(std::int64_t user_id, Money deposit, Timestamp now, std::string_view request_id,
                           Batch& batch);
  absl::StatusOr<Trade> PriceTrade(const OpenTrade& command, const Account& account, const Quote& quote, Timestamp now);
  // An exit that was checked: nothing in it can fail any more.
  struct Exit {
    Slot slot = 0;
    const Quote* quote = nullptr;
    Terms terms;
    Money gross;
    Money fees;  // of all fills
    Money pnl;   // gross less fees, and the trade's income
  };
  absl::StatusOr<Exit> PriceExit(Slot slot, const Quote& quote, Timestamp now) const;
  // TRADE_NOT_FOUND for a trade that is not the user's, or is closed: it has left the book, and whoever asks looks it
  // up in the archive to tell the two apart.
  [[nodiscard]] absl::StatusOr<Slot> FindActive(std::int64_t user_id, const std::string& trade_id) const;
  void Activate(AccountState& state, const Trade& trade);
  void Close(const Exit& exit, ExitReason reason, Timestamp now, const Cause& cause, Batch& batch);
  void Apply(const ActionCalendar::Due& due, Timestamp now, Batch& batch);
  // False: refused.
  bool Adjust(Slot slot, const ActionCalendar::Due& due, Timestamp now, Batch& batch);
  bool AdjustClosed(Trade trade, const CorporateAction& action, Timestamp now, Batch& batch);
  void Arm(Slot slot);
  void Keep(const RememberedReply& reply);
  TriggerIndex::SymbolId SymbolIdOf(const std::string& symbol);

  const BookOptions options_;
  IdSource& ids_;
  std::unordered_map<std::int64_t, AccountState> accounts_;
  std::vector<Trade> trades_;  // by slot; a free slot's trade is closed
  std::vector<Slot> free_slots_;
  std::unordered_map<std::string, Slot> slot_of_;
  std::unordered_map<std::string, TriggerIndex::SymbolId> symbol_ids_;
  TriggerIndex triggers_;
  Excursions excursions_;
  std::vector<Slot> fired_;   // reused by Tick
  std::int64_t session_ = 0;  // of the market
  QuoteMap quotes_;
  ActionCalendar actions_;
  std::vector<ActionApplied> applied_;                        // since TakeApplied
  std::unordered_map<std::string, RememberedReply> replies_;  // by "<user id>/<key>"
  std::deque<std::string> reply_order_;                       // keys of replies_, oldest first
};

}  // namespace papertape::trade_engine
