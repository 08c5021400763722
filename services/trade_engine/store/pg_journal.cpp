#include "services/trade_engine/store/pg_journal.h"

#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/action_rows.h"
#include "services/trade_engine/store/columns.h"
#include "services/trade_engine/store/excursion_rows.h"
#include "services/trade_engine/store/new_rows.h"
#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {
namespace {

// A repetition is recognised for a day, counted from the newest reply: the database's clock has no say.
constexpr char kForgetReplies[] =
    "delete from idempotency_keys where created_at < "
    "(select max(created_at) from idempotency_keys) - interval '1 day'";

// The book and the tables have parted: nothing may go on from here.
absl::Status CheckAffected(std::int64_t affected, std::size_t expected, std::string_view table) {
  if (affected == static_cast<std::int64_t>(expected)) return absl::OkStatus();
  log::Error("rows that the engine changes are not there",
             {{"table", table}, {"changed", expected}, {"found", affected}});
  return Error(Reason::kINTERNAL);
}

void AddAccounts(std::int64_t session, const std::vector<Account>& accounts, const PgEventLog& log,
                 pg::CopyRows& rows) {
  for (const Account& a : accounts) {
    rows.Add(session, a.user_id, a.portfolio_id, a.deposit, a.available, a.utilized, a.realized_pnl, a.fee_model,
             a.slippage_model, a.total_trades, a.closed_trades, a.winning_trades, a.losing_trades, a.last_seq,
             a.created_at, a.updated_at, pg::Bytea{log.HeadOf(a.user_id)});
  }
}

absl::Status ChangeAccounts(pg::Transaction& transaction, std::int64_t session, const std::vector<Account>& accounts,
                            const PgEventLog& log) {
  Columns<11> columns(accounts.size());
  for (const Account& a : accounts) {
    columns.Add(a.user_id, a.available, a.utilized, a.realized_pnl, a.total_trades, a.closed_trades, a.winning_trades,
                a.losing_trades, a.last_seq, a.updated_at, pg::Param::Bytes(log.HeadOf(a.user_id)));
  }
  const pg::Rows changed = transaction.Exec(
      "update accounts a set available = n.available, utilized = n.utilized, realized_pnl = n.realized_pnl, "
      "total_trades = n.total_trades, closed_trades = n.closed_trades, winning_trades = n.winning_trades, "
      "losing_trades = n.losing_trades, last_seq = n.last_seq, updated_at = n.updated_at, "
      "head = n.head "
      "from unnest($1::bigint[], $2::numeric[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[], "
      "$7::bigint[], $8::bigint[], $9::bigint[], $10::timestamptz[], $11::bytea[]) as n (user_id, available, utilized, "
      "realized_pnl, total_trades, closed_trades, winning_trades, losing_trades, last_seq, updated_at, head) "
      "where a.session = $12 and a.user_id = n.user_id",
      columns.FinishWith(session));
  return CheckAffected(changed.affected(), accounts.size(), "accounts");
}

absl::Status ChangeTrades(pg::Transaction& transaction, std::int64_t session, const std::vector<Trade>& trades) {
  Columns<11> columns(trades.size());
  for (const Trade& t : trades) {
    std::optional<std::string_view> exit_reason;
    if (t.exit_reason) exit_reason = Name(*t.exit_reason);
    columns.Add(t.user_id, t.trade_id, Name(t.status), t.margin_used, t.fees, t.exit_price, exit_reason, t.pnl,
                t.closed_at, t.stop_loss, t.target_price);
  }
  const pg::Rows changed = transaction.Exec(
      "update trades t set status = n.status, margin_used = n.margin_used, fees = n.fees, exit_price = n.exit_price, "
      "exit_reason = n.exit_reason, pnl = n.pnl, closed_at = n.closed_at, stop_loss = n.stop_loss, "
      "target_price = n.target_price "
      "from unnest($1::bigint[], $2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::numeric[], $7::text[], "
      "$8::numeric[], $9::timestamptz[], $10::numeric[], $11::numeric[]) as n (user_id, trade_id, status, margin_used, "
      "fees, exit_price, exit_reason, "
      "pnl, closed_at, stop_loss, target_price) "
      "where t.session = $12 and t.user_id = n.user_id and t.trade_id = n.trade_id",
      columns.FinishWith(session));
  return CheckAffected(changed.affected(), trades.size(), "trades");
}

void AddRows(pg::Transaction& transaction, const Batch& batch, PgEventLog& log) {
  const std::int64_t session = batch.tick_position().session;
  NewRows rows(session, batch);
  std::vector<pg::CopyTarget> targets = rows.Targets();
  pg::CopyRows made;
  if (const auto& accounts = batch.accounts().made(); !accounts.empty()) {
    AddAccounts(session, accounts, log, made);
    targets.push_back(
        {"accounts (session, user_id, portfolio_id, deposit, available, utilized, realized_pnl, fee_model, "
         "slippage_model, "
         "total_trades, closed_trades, winning_trades, losing_trades, last_seq, created_at, updated_at, head)",
         made});
  }
  if (!batch.events().empty()) targets.push_back({PgEventLog::kColumns, log.rows()});
  transaction.CopyBinary(targets);
}

void WriteReplies(pg::Transaction& transaction, std::int64_t session, const std::vector<RememberedReply>& replies) {
  Columns<5> columns(replies.size());
  for (const RememberedReply& r : replies) {
    columns.Add(r.user_id, r.key, r.fingerprint, pg::Param::Bytes(r.reply), r.created_at);
  }
  transaction.Exec(
      "insert into idempotency_keys (session, user_id, key, fingerprint, answer, created_at) "
      "select $6::bigint, n.* from unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[]) as n "
      "on conflict (session, user_id, key) do update set fingerprint = excluded.fingerprint, answer = excluded.answer, "
      "created_at = excluded.created_at",
      columns.FinishWith(session));
}

Snapshot LoadSnapshot(pg::Transaction& transaction, TapePosition position) {
  const std::vector<pg::Param> session{position.session};
  Snapshot snapshot{.tick_position = std::move(position)};
  transaction.Exec(kForgetReplies);
  const pg::Rows accounts =
      transaction.Exec("select " + std::string(kAccountColumns) + " from accounts where session = $1", session);
  for (std::size_t i = 0; i < accounts.size(); ++i) snapshot.accounts.push_back(ToAccount(accounts, i));
  const pg::Rows trades =
      transaction.Exec("select " + std::string(kTradeColumns) +
                           " from trades where session = $1 and status = 'ACTIVE' order by trade_id",
                       session);
  for (std::size_t i = 0; i < trades.size(); ++i) snapshot.active_trades.push_back(ToTrade(trades, i));
  const pg::Rows replies = transaction.Exec(
      "select user_id, key, fingerprint, answer, created_at from idempotency_keys where session = $1 "
      "order by created_at",
      session);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    snapshot.replies.push_back({replies.Int(i, 0), std::string(replies.Text(i, 1)), std::string(replies.Text(i, 2)),
                                replies.Bytes(i, 3), replies.Time(i, 4)});
  }
  snapshot.actions = LoadActions(transaction, snapshot.tick_position.session);
  snapshot.extremes = LoadExtremes(transaction, snapshot.tick_position.session);
  return snapshot;
}

}  // namespace

absl::StatusOr<Snapshot> PgJournal::TakeOver() {
  Snapshot snapshot;
  std::int64_t fence = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    // The row lock waits for a commit that is under way, here or in the process that is being superseded.
    const pg::Rows state = transaction.Exec(
        "update engine_state set fence = fence + 1, updated_at = now() where shard = 0 "
        "returning fence, tick_position, session, clock_micros");
    fence = state.Int(0, 0);
    log_.Begin(transaction);
    snapshot = LoadSnapshot(
        transaction,
        {.entry = std::string(state.Text(0, 1)), .session = state.Int(0, 2), .clock_micros = state.Int(0, 3)});
    return absl::OkStatus();
  }));
  fence_ = fence;
  return snapshot;
}

absl::StatusOr<Snapshot> PgJournal::TurnTo(const TapePosition& position) {
  Snapshot snapshot;
  const absl::Status turned = pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    PT_RETURN_IF_ERROR(Stand(transaction, position));
    snapshot = LoadSnapshot(transaction, position);
    return absl::OkStatus();
  });
  if (!turned.ok()) return turned;
  return snapshot;
}

// Stores the position, if the journal is still this writer's.
absl::Status PgJournal::Stand(pg::Transaction& transaction, const TapePosition& position) const {
  const pg::Rows owned = transaction.Exec(
      "update engine_state set tick_position = $1, session = $2, clock_micros = $3, updated_at = now() "
      "where shard = 0 and fence = $4",
      {position.entry, position.session, position.clock_micros, fence_});
  if (owned.affected() != 1) return absl::AbortedError("another trade engine has taken over");
  return absl::OkStatus();
}

absl::Status PgJournal::Commit(const Batch& batch) {
  const absl::Status committed = pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    PT_RETURN_IF_ERROR(Stand(transaction, batch.tick_position()));
    const std::int64_t session = batch.tick_position().session;
    log_.Chain(transaction, session, batch);
    AddRows(transaction, batch, log_);
    const auto& accounts = batch.accounts().changed();
    const auto& trades = batch.trades().changed();
    if (!accounts.empty()) PT_RETURN_IF_ERROR(ChangeAccounts(transaction, session, accounts, log_));
    if (!trades.empty()) PT_RETURN_IF_ERROR(ChangeTrades(transaction, session, trades));
    PT_RETURN_IF_ERROR(WriteAdjustments(transaction, batch));
    WriteExcursions(transaction, batch);
    if (!batch.replies().empty()) WriteReplies(transaction, session, batch.replies());
    return absl::OkStatus();
  });
  if (committed.ok()) log_.Committed();
  return committed;
}

}  // namespace papertape::trade_engine
