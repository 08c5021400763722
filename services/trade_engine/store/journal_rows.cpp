#include "services/trade_engine/store/journal_rows.h"

#include <unordered_map>

#include "fmt/format.h"
#include "services/trade_engine/store/tag_columns.h"
#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {
namespace {

using EntriesById = std::unordered_map<std::string, JournalEntry>;

void ReadNotes(pg::Transaction& transaction, const std::vector<pg::Param>& which, EntriesById& entries) {
  const pg::Rows rows = transaction.Exec(
      fmt::format("select trade_id, coalesce(setup_id, ''), market_conditions, emotions, notes, lessons_learned, {} "
                  "from trade_notes where session = $1 and user_id = $2 and trade_id = any($3::text[])",
                  kTagsColumn),
      which);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto text = [&](int column) { return std::string(rows.Text(i, column)); };
    const auto found = entries.find(text(0));
    if (found == entries.end()) continue;
    found->second.notes = {.setup_id = text(1),
                           .market_conditions = text(2),
                           .emotions = text(3),
                           .notes = text(4),
                           .lessons_learned = text(5),
                           .tags = ToTags(rows.Text(i, 6))};
  }
}

void ReadExcursions(pg::Transaction& transaction, const std::vector<pg::Param>& which, EntriesById& entries) {
  const pg::Rows rows = transaction.Exec(
      "select trade_id, adverse, favorable, gap from trade_excursions "
      "where session = $1 and user_id = $2 and trade_id = any($3::text[])",
      which);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto found = entries.find(std::string(rows.Text(i, 0)));
    if (found == entries.end()) continue;
    found->second.excursion = {
        .adverse = rows.Exact<Money>(i, 1), .favorable = rows.Exact<Money>(i, 2), .gap = rows.Bool(i, 3)};
  }
}

}  // namespace

JournalEntry ToWritten(const pg::Rows& rows, std::size_t row) {
  JournalEntry entry{.kind = TradeKind::kJournal,
                     .trade = {.user_id = rows.Int(row, 0),
                               .trade_id = std::string(rows.Text(row, 1)),
                               .symbol = std::string(rows.Text(row, 2)),
                               .side = ParseSide(rows.Text(row, 3)).value_or(Side::kBuy),
                               .quantity = rows.Exact<Quantity>(row, 4),
                               .entry_price = rows.Exact<Price>(row, 5),
                               .stop_loss = rows.OptionalExact<Price>(row, 6),
                               .target_price = rows.OptionalExact<Price>(row, 7),
                               .exit_price = rows.OptionalExact<Price>(row, 9),
                               .pnl = rows.OptionalExact<Money>(row, 11),
                               .created_at = rows.Time(row, 8)},
                     .watch = rows.Int(row, 12),
                     .armed_at = rows.Time(row, 13)};
  if (!rows.IsNull(row, 10)) {
    entry.trade.status = TradeStatus::kClosed;
    entry.trade.exit_reason = ExitReason::kManual;
    entry.trade.closed_at = rows.Time(row, 10);
  }
  if (!rows.IsNull(row, 14)) entry.alerted_at = rows.Time(row, 14);
  return entry;
}

std::vector<JournalEntry> ReadEntries(pg::Transaction& transaction, std::int64_t session, std::int64_t user_id,
                                      const std::vector<std::string>& trade_ids) {
  if (trade_ids.empty()) return {};
  pg::ArrayParam ids;
  for (const std::string& id : trade_ids) ids.Add(id);
  const std::vector<pg::Param> which{session, user_id, ids.Finish()};
  constexpr char kWhere[] = "where session = $1 and user_id = $2 and trade_id = any($3::text[])";

  EntriesById found;
  const pg::Rows paper = transaction.Exec(fmt::format("select {} from trades {}", kTradeColumns, kWhere), which);
  for (std::size_t i = 0; i < paper.size(); ++i) {
    JournalEntry entry{.kind = TradeKind::kPaper, .trade = ToTrade(paper, i)};
    found[entry.trade.trade_id] = std::move(entry);
  }
  const pg::Rows written =
      transaction.Exec(fmt::format("select {} from journal_trades {}", kWrittenColumns, kWhere), which);
  for (std::size_t i = 0; i < written.size(); ++i) {
    JournalEntry entry = ToWritten(written, i);
    found[entry.trade.trade_id] = std::move(entry);
  }
  ReadNotes(transaction, which, found);
  ReadExcursions(transaction, which, found);

  std::vector<JournalEntry> entries;
  for (const std::string& id : trade_ids) {
    if (const auto at = found.find(id); at != found.end()) entries.push_back(std::move(at->second));
  }
  return entries;
}

void WriteNotes(pg::Transaction& transaction, std::int64_t session, std::int64_t user_id, const std::string& trade_id,
                const TradeNotes& notes) {
  transaction.Exec(
      "insert into trade_notes (session, user_id, trade_id, setup_id, market_conditions, emotions, notes, "
      "lessons_learned, tags) values ($1, $2, $3, nullif($4, ''), $5, $6, $7, $8, $9::text[]) "
      "on conflict (session, user_id, trade_id) do update set setup_id = excluded.setup_id, "
      "market_conditions = excluded.market_conditions, emotions = excluded.emotions, notes = excluded.notes, "
      "lessons_learned = excluded.lessons_learned, tags = excluded.tags",
      {session, user_id, trade_id, notes.setup_id, notes.market_conditions, notes.emotions, notes.notes,
       notes.lessons_learned, TagsParam(notes.tags)});
}

}  // namespace papertape::trade_engine
