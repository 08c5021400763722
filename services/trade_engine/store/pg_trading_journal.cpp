#include "services/trade_engine/store/pg_trading_journal.h"

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/domain/setup.h"
#include "services/trade_engine/store/journal_rows.h"
#include "services/trade_engine/store/once_in_journal.h"

namespace papertape::trade_engine {
namespace {

// Both kinds as far as they are chosen by; $1 to $12 are the filter's.
constexpr char kChosen[] =
    "from (select trade_id, 'paper' as kind, symbol, status, created_at as opened_at, closed_at "
    "from trades where session = $1 and user_id = $2 "
    "union all select trade_id, 'journal', symbol, case when exit_date is null then 'ACTIVE' else 'CLOSED' end, "
    "entry_date, exit_date from journal_trades where session = $1 and user_id = $2) t "
    "left join trade_notes n on n.session = $1 and n.user_id = $2 and n.trade_id = t.trade_id "
    "where ($3::text is null or t.kind = $3) and ($4::boolean is null or (t.status = 'ACTIVE') = $4) "
    "and ($5::text is null or t.status = $5) and ($6 = '' or t.symbol = $6) and ($7 = '' or n.setup_id = $7) "
    "and ($8 = '' or $8 = any(n.tags)) and ($9::timestamptz is null or t.opened_at >= $9) "
    "and ($10::timestamptz is null or t.opened_at < $10) and ($11::timestamptz is null or t.closed_at >= $11) "
    "and ($12 = '' or position(lower($12) in lower(concat_ws(' ', t.symbol, array_to_string(n.tags, ' '), "
    "n.market_conditions, n.emotions, n.notes, n.lessons_learned))) > 0)";

std::vector<pg::Param> ParamsOf(const EntryFilter& filter) {
  std::optional<std::string_view> kind, status;
  if (filter.kind) kind = Name(*filter.kind);
  if (filter.status) status = Name(*filter.status);
  return {filter.session,      filter.user_id,  kind,       filter.open,         status,
          filter.symbol,       filter.setup_id, filter.tag, filter.opened_since, filter.opened_before,
          filter.closed_since, filter.search};
}

absl::StatusOr<JournalEntry> OnlyOf(std::vector<JournalEntry> entries) {
  if (entries.empty()) return Error(Reason::kTRADE_NOT_FOUND);
  return std::move(entries.front());
}

// The entry, which is the transaction's alone until its end. The row of a written trade is held against the watch, that
// of a paper trade is left to the engine.
absl::StatusOr<JournalEntry> Hold(pg::Transaction& transaction, std::int64_t session, std::int64_t user_id,
                                  const std::string& trade_id) {
  transaction.Exec("select pg_advisory_xact_lock(hashtextextended('journal/' || $1, 0))", {trade_id});
  transaction.Exec("select 1 from journal_trades where session = $1 and user_id = $2 and trade_id = $3 for update",
                   {session, user_id, trade_id});
  return OnlyOf(ReadEntries(transaction, session, user_id, {trade_id}));
}

absl::Status CheckSetup(pg::Transaction& transaction, std::int64_t user_id, const std::string& setup_id) {
  if (setup_id.empty()) return absl::OkStatus();
  const pg::Rows found = transaction.Exec(
      "select 1 from setups where user_id = $1 and setup_id = $2 and deleted_at is null", {user_id, setup_id});
  return found.empty() ? NoSuchSetup() : absl::OkStatus();
}

void Insert(pg::Transaction& transaction, std::int64_t session, const JournalEntry& entry) {
  const Trade& t = entry.trade;
  transaction.Exec(
      "insert into journal_trades (session, user_id, trade_id, symbol, side, quantity, entry_price, stop_loss, "
      "target_price, entry_date, watch, armed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
      {session, t.user_id, t.trade_id, t.symbol, Name(t.side), t.quantity, t.entry_price, t.stop_loss, t.target_price,
       t.created_at, entry.watch, entry.armed_at});
}

void Update(pg::Transaction& transaction, std::int64_t session, const JournalEntry& entry) {
  const Trade& t = entry.trade;
  transaction.Exec(
      "update journal_trades set stop_loss = $4, target_price = $5, exit_price = $6, exit_date = $7, pnl = $8, "
      "watch = $9, armed_at = $10, alerted_at = $11 where session = $1 and user_id = $2 and trade_id = $3",
      {session, t.user_id, t.trade_id, t.stop_loss, t.target_price, t.exit_price, t.closed_at, t.pnl, entry.watch,
       entry.armed_at, entry.alerted_at});
}

}  // namespace

absl::StatusOr<EntryPage> PgTradingJournal::List(const EntryFilter& filter) {
  EntryPage page;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    std::vector<pg::Param> params = ParamsOf(filter);
    page.total = transaction.Exec(fmt::format("select count(*) {}", kChosen), params).Int(0, 0);
    params.emplace_back(filter.offset);
    params.emplace_back(filter.limit);
    const pg::Rows rows = transaction.Exec(
        fmt::format("select t.trade_id {} order by t.trade_id desc offset $13 limit $14", kChosen), params);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < rows.size(); ++i) ids.emplace_back(rows.Text(i, 0));
    page.entries = ReadEntries(transaction, filter.session, filter.user_id, ids);
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<JournalEntry> PgTradingJournal::Find(std::int64_t session, std::int64_t user_id,
                                                    const std::string& trade_id) {
  absl::StatusOr<JournalEntry> entry = Error(Reason::kTRADE_NOT_FOUND);
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    entry = OnlyOf(ReadEntries(transaction, session, user_id, {trade_id}));
    return absl::OkStatus();
  }));
  return entry;
}

absl::StatusOr<JournalEntry> PgTradingJournal::Write(std::int64_t session, const JournalEntry& entry,
                                                     const Repeatable& repeatable) {
  return OnceInJournal(pool_, repeatable, [&](pg::Transaction& transaction) -> absl::StatusOr<JournalEntry> {
    const Trade& trade = entry.trade;
    PT_RETURN_IF_ERROR(CheckSetup(transaction, trade.user_id, entry.notes.setup_id));
    Insert(transaction, session, entry);
    WriteNotes(transaction, session, trade.user_id, trade.trade_id, entry.notes);
    return entry;
  });
}

absl::StatusOr<JournalEntry> PgTradingJournal::Close(std::int64_t session, const CloseEntry& command, Timestamp now,
                                                     const Repeatable& repeatable) {
  return OnceInJournal(pool_, repeatable, [&](pg::Transaction& transaction) -> absl::StatusOr<JournalEntry> {
    PT_ASSIGN_OR_RETURN(JournalEntry entry, Hold(transaction, session, command.user_id, command.trade_id));
    if (entry.kind == TradeKind::kPaper) {
      return Error(Reason::kCONFLICT, "This is a paper trade: close it with POST /trades/exit/{trade_id}.");
    }
    PT_RETURN_IF_ERROR(Apply(command, now, entry));
    Update(transaction, session, entry);
    WriteNotes(transaction, session, command.user_id, command.trade_id, entry.notes);
    return entry;
  });
}

absl::StatusOr<JournalEntry> PgTradingJournal::Change(std::int64_t session, const ChangeEntry& command, Timestamp now,
                                                      const Repeatable& repeatable) {
  return OnceInJournal(pool_, repeatable, [&](pg::Transaction& transaction) -> absl::StatusOr<JournalEntry> {
    PT_ASSIGN_OR_RETURN(JournalEntry entry, Hold(transaction, session, command.user_id, command.trade_id));
    PT_RETURN_IF_ERROR(CheckSetup(transaction, command.user_id, command.notes.setup_id.value_or("")));
    if (entry.kind == TradeKind::kPaper) {
      if (command.moves_levels()) return Error(Reason::kTRADE_CLOSED);
      Apply(command.notes, entry.notes);
    } else {
      PT_RETURN_IF_ERROR(Apply(command, now, entry));
      Update(transaction, session, entry);
    }
    WriteNotes(transaction, session, command.user_id, command.trade_id, entry.notes);
    return entry;
  });
}

absl::StatusOr<JournalEntry> PgTradingJournal::Delete(std::int64_t session, std::int64_t user_id,
                                                      const std::string& trade_id, const Repeatable& repeatable) {
  return OnceInJournal(pool_, repeatable, [&](pg::Transaction& transaction) -> absl::StatusOr<JournalEntry> {
    PT_ASSIGN_OR_RETURN(JournalEntry entry, Hold(transaction, session, user_id, trade_id));
    if (entry.kind == TradeKind::kPaper) {
      return Error(Reason::kCONFLICT, "This is a paper trade, part of an account's record: it cannot be deleted.");
    }
    for (const char* table : {"journal_trades", "trade_notes"}) {
      transaction.Exec(fmt::format("delete from {} where session = $1 and user_id = $2 and trade_id = $3", table),
                       {session, user_id, trade_id});
    }
    return entry;
  });
}

}  // namespace papertape::trade_engine
