#include "services/trade_engine/store/pg_watch_store.h"

#include <set>

#include "fmt/format.h"
#include "libs/events/events.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/columns.h"
#include "services/trade_engine/store/journal_rows.h"

namespace papertape::trade_engine {
namespace {

// Without their notes: they may change before an alert is told.
std::vector<JournalEntry> LoadWatched(pg::Transaction& transaction, std::int64_t session) {
  std::vector<JournalEntry> watched;
  const pg::Rows rows = transaction.Exec(
      fmt::format("select {} from journal_trades where session = $1 and exit_date is null and alerted_at is null "
                  "and (stop_loss is not null or target_price is not null) order by trade_id",
                  kWrittenColumns),
      {session});
  for (std::size_t i = 0; i < rows.size(); ++i) watched.push_back(ToWritten(rows, i));
  return watched;
}

}  // namespace

absl::StatusOr<WatchStart> PgWatchStore::TakeOver() {
  WatchStart start;
  std::int64_t fence = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    // The row lock waits for a commit that is under way, here or in the process that is being superseded.
    const pg::Rows state = transaction.Exec(
        "update journal_watch set fence = fence + 1 returning fence, tick_position, session, clock_micros");
    fence = state.Int(0, 0);
    start.position = {
        .entry = std::string(state.Text(0, 1)), .session = state.Int(0, 2), .clock_micros = state.Int(0, 3)};
    start.watched = LoadWatched(transaction, start.position.session);
    return absl::OkStatus();
  }));
  fence_ = fence;
  return start;
}

absl::StatusOr<WatchStart> PgWatchStore::TurnTo(const TapePosition& position) {
  WatchStart start{.position = position};
  const absl::Status turned = pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    PT_RETURN_IF_ERROR(Stand(transaction, position));
    start.watched = LoadWatched(transaction, position.session);
    return absl::OkStatus();
  });
  if (!turned.ok()) return turned;
  return start;
}

absl::Status PgWatchStore::Commit(const TapePosition& position, const std::vector<JournalAlert>& alerts) {
  return pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    PT_RETURN_IF_ERROR(Stand(transaction, position));
    if (!alerts.empty()) Tell(transaction, position.session, alerts);
    return absl::OkStatus();
  });
}

// Stores the position, if the watch is still this writer's.
absl::Status PgWatchStore::Stand(pg::Transaction& transaction, const TapePosition& position) const {
  const pg::Rows owned =
      transaction.Exec("update journal_watch set tick_position = $1, session = $2, clock_micros = $3 where fence = $4",
                       {position.entry, position.session, position.clock_micros, fence_});
  if (owned.affected() != 1) return absl::AbortedError("another trade engine has taken over");
  return absl::OkStatus();
}

void PgWatchStore::Tell(pg::Transaction& transaction, std::int64_t session, const std::vector<JournalAlert>& alerts) {
  Columns<4> columns(alerts.size());
  for (const JournalAlert& alert : alerts) {
    columns.Add(alert.entry.trade.user_id, alert.entry.trade.trade_id, alert.entry.watch, alert.at);
  }
  // A trade that was closed, deleted or changed meanwhile is left out: its owner has decided otherwise before.
  const pg::Rows rows = transaction.Exec(
      "update journal_trades t set alerted_at = n.at "
      "from unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamptz[]) as n (user_id, trade_id, watch, at) "
      "where t.session = $5 and t.user_id = n.user_id and t.trade_id = n.trade_id and t.watch = n.watch "
      "and t.exit_date is null and t.alerted_at is null returning t.trade_id",
      columns.FinishWith(session));
  std::set<std::string_view> told;
  for (std::size_t i = 0; i < rows.size(); ++i) told.insert(rows.Text(i, 0));
  std::vector<events::Event> alerted;
  for (const JournalAlert& alert : alerts) {
    if (!told.contains(alert.entry.trade.trade_id)) continue;
    alerted.push_back({.id = ids_.Next(),
                       .type = codec_.type,
                       .user_id = alert.entry.trade.user_id,
                       .time = alert.at,
                       .payload = codec_.encode(session, alert)});
  }
  events::AppendToOutbox(transaction, alerted, kAlerts);
}

}  // namespace papertape::trade_engine
