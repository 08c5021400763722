// The trading journal: trades that users write down, and what they write of their trades, paper trades included. Plain
// values, what may be done to them, and the port that keeps them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "services/trade_engine/domain/excursion.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

enum class TradeKind : std::uint8_t { kPaper, kJournal };
std::string_view Name(TradeKind kind);  // paper, journal

// Empty: not said.
struct TradeNotes {
  std::string setup_id;
  std::string market_conditions;
  std::string emotions;
  std::string notes;
  std::string lessons_learned;
  std::vector<std::string> tags;
};

// A trade as the journal has it. A trade that was written down is ACTIVE or CLOSED; it holds no margin, pays no fees
// and comes from no quote; its times are those that its owner gave.
struct JournalEntry {
  TradeKind kind = TradeKind::kJournal;
  Trade trade;
  TradeNotes notes;
  std::optional<Excursion> excursion;  // of a closed paper trade
  // Of a written trade: its stop and target are watched while it is open and has not told of them.
  std::int64_t watch = 1;  // counts how often they were set
  Timestamp armed_at;      // prices from before cannot reach them
  std::optional<Timestamp> alerted_at;
};

struct CloseEntry {
  std::int64_t user_id = 0;
  std::string trade_id;
  Price exit_price;
  std::string lessons_learned;  // empty: what was written before stays
  std::optional<Timestamp> exit_date;
};

// Absent: stays as it is.
struct NotesChange {
  std::optional<std::string> setup_id;
  std::optional<std::string> market_conditions;
  std::optional<std::string> emotions;
  std::optional<std::string> notes;
  std::optional<std::string> lessons_learned;
  std::optional<std::vector<std::string>> tags;
  [[nodiscard]] bool empty() const {
    return !setup_id && !market_conditions && !emotions && !notes && !lessons_learned && !tags;
  }
};

struct ChangeEntry {
  std::int64_t user_id = 0;
  std::string trade_id;
  std::optional<std::optional<Price>> stop_loss;
  std::optional<std::optional<Price>> target_price;
  NotesChange notes;
  [[nodiscard]] bool moves_levels() const { return stop_loss || target_price; }
};

// Ends a written trade. TRADE_CLOSED; a violation of `exit_date`; AMOUNT_OUT_OF_RANGE.
absl::Status Apply(const CloseEntry& command, Timestamp now, JournalEntry& entry);
// Changes a written trade; a stop or target that becomes another one is watched from `now` on. TRADE_CLOSED where one
// is to be moved.
absl::Status Apply(const ChangeEntry& command, Timestamp now, JournalEntry& entry);
void Apply(const NotesChange& change, TradeNotes& notes);

// Which entries, newest first.
struct EntryFilter {
  std::int64_t session = 0;  // of the market
  std::int64_t user_id = 0;
  std::optional<TradeKind> kind;
  std::optional<bool> open;
  std::optional<TradeStatus> status;
  std::string symbol;                      // empty: all
  std::string setup_id;                    // empty: all
  std::string tag;                         // empty: all
  std::string search;                      // empty: all; otherwise part of the symbol, a tag or a text, in any case
  std::optional<Timestamp> opened_since;   // inclusive
  std::optional<Timestamp> opened_before;  // exclusive
  std::optional<Timestamp> closed_since;   // inclusive; only closed trades then
  std::int64_t offset = 0;
  std::int64_t limit = 20;
};

struct EntryPage {
  std::vector<JournalEntry> entries;
  std::int64_t total = 0;
};

// The entries of one session of the market. TRADE_NOT_FOUND for a trade that the user does not have. Thread-safe.
class TradingJournal {
 public:
  using Repeatable = idempotency::Repeatable<JournalEntry>;

  virtual ~TradingJournal() = default;
  virtual absl::StatusOr<EntryPage> List(const EntryFilter& filter) = 0;
  virtual absl::StatusOr<JournalEntry> Find(std::int64_t session, std::int64_t user_id,
                                            const std::string& trade_id) = 0;
  // NOT_FOUND for a setup that the user does not have, here and below.
  virtual absl::StatusOr<JournalEntry> Write(std::int64_t session, const JournalEntry& entry,
                                             const Repeatable& repeatable) = 0;
  // CONFLICT for a paper trade.
  virtual absl::StatusOr<JournalEntry> Close(std::int64_t session, const CloseEntry& command, Timestamp now,
                                             const Repeatable& repeatable) = 0;
  // Of a paper trade the notes alone; TRADE_CLOSED where its levels are to be moved, which the engine does while it is
  // open.
  virtual absl::StatusOr<JournalEntry> Change(std::int64_t session, const ChangeEntry& command, Timestamp now,
                                              const Repeatable& repeatable) = 0;
  // What it was. CONFLICT for a paper trade.
  virtual absl::StatusOr<JournalEntry> Delete(std::int64_t session, std::int64_t user_id, const std::string& trade_id,
                                              const Repeatable& repeatable) = 0;
};

}  // namespace papertape::trade_engine
