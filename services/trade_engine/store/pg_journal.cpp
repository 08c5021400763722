#include "services/trade_engine/store/pg_journal.h"

#include "libs/events/events.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/columns.h"
#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {
namespace {

// A repetition is recognised for a day, counted from the newest reply: the database's clock has no say.
constexpr char kForgetReplies[] =
    "delete from idempotency_keys where created_at < "
    "(select max(created_at) from idempotency_keys) - interval '1 day'";

void WriteAccounts(pg::Transaction& transaction, const std::vector<Account>& accounts) {
  Columns<15> columns(accounts.size());
  for (const Account& a : accounts) {
    columns.Add(a.user_id, a.portfolio_id, a.deposit, a.available, a.utilized, a.realized_pnl, a.fee_model,
                a.slippage_model, a.total_trades, a.closed_trades, a.winning_trades, a.losing_trades, a.last_seq,
                a.created_at, a.updated_at);
  }
  transaction.Exec(
      "insert into accounts (user_id, portfolio_id, deposit, available, utilized, realized_pnl, fee_model, "
      "slippage_model, total_trades, closed_trades, winning_trades, losing_trades, last_seq, created_at, updated_at) "
      "select * from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], "
      "$7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], "
      "$14::timestamptz[], $15::timestamptz[]) "
      "on conflict (user_id) do update set available = excluded.available, utilized = excluded.utilized, "
      "realized_pnl = excluded.realized_pnl, total_trades = excluded.total_trades, "
      "closed_trades = excluded.closed_trades, winning_trades = excluded.winning_trades, "
      "losing_trades = excluded.losing_trades, last_seq = excluded.last_seq, updated_at = excluded.updated_at",
      columns.Finish());
}

void WriteTrades(pg::Transaction& transaction, const std::vector<Trade>& trades) {
  Columns<18> columns(trades.size());
  for (const Trade& t : trades) {
    std::optional<std::string_view> exit_reason;
    if (t.exit_reason) exit_reason = Name(*t.exit_reason);
    columns.Add(t.user_id, t.trade_id, t.symbol, Name(t.side), t.quantity, t.entry_price, t.stop_loss, t.target_price,
                Name(t.status), t.margin_used, t.fees, t.quote_source, t.quote_time, t.exit_price, exit_reason, t.pnl,
                t.created_at, t.closed_at);
  }
  transaction.Exec(
      "insert into trades (user_id, trade_id, symbol, side, quantity, entry_price, stop_loss, target_price, status, "
      "margin_used, fees, quote_source, quote_time, exit_price, exit_reason, pnl, created_at, closed_at) "
      "select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], "
      "$7::numeric[], $8::numeric[], $9::text[], $10::numeric[], $11::numeric[], $12::text[], $13::timestamptz[], "
      "$14::numeric[], $15::text[], $16::numeric[], $17::timestamptz[], $18::timestamptz[]) "
      "on conflict (user_id, trade_id) do update set status = excluded.status, margin_used = excluded.margin_used, "
      "fees = excluded.fees, exit_price = excluded.exit_price, exit_reason = excluded.exit_reason, "
      "pnl = excluded.pnl, closed_at = excluded.closed_at",
      columns.Finish());
}

void WriteOrders(pg::Transaction& transaction, const std::vector<Order>& orders) {
  Columns<10> order_columns(orders.size());
  Columns<10> fill_columns(orders.size());
  for (const Order& o : orders) {
    order_columns.Add(o.user_id, o.order_id, o.trade_id, o.symbol, Name(o.side), o.opens, o.quantity,
                      std::string_view("EXECUTED"), o.realized_pnl, o.created_at);
    fill_columns.Add(o.user_id, o.order_id, o.price, o.quantity, o.fee, o.quote.source, o.quote.time, o.quote.last,
                     o.quote.bid, o.quote.ask);
  }
  transaction.Exec(
      "insert into orders (user_id, order_id, trade_id, symbol, side, opens, quantity, status, realized_pnl, "
      "created_at) select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], "
      "$7::numeric[], $8::text[], $9::numeric[], $10::timestamptz[])",
      order_columns.Finish());
  transaction.Exec(
      "insert into fills (user_id, order_id, price, quantity, fee, quote_source, quote_time, quote_last, quote_bid, "
      "quote_ask) select * from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::numeric[], "
      "$6::text[], $7::timestamptz[], $8::numeric[], $9::numeric[], $10::numeric[])",
      fill_columns.Finish());
}

void WriteTransfers(pg::Transaction& transaction, const std::vector<Transfer>& transfers) {
  Columns<8> columns(transfers.size());
  for (const Transfer& t : transfers) {
    columns.Add(t.user_id, t.account_seq, t.line, Name(t.from), Name(t.to), t.amount, t.trade_id, t.created_at);
  }
  transaction.Exec(
      "insert into transfers (user_id, account_seq, line, from_book, to_book, amount, trade_id, created_at) "
      "select * from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::numeric[], "
      "$7::text[], $8::timestamptz[])",
      columns.Finish());
}

void WriteReplies(pg::Transaction& transaction, const std::vector<RememberedReply>& replies) {
  Columns<5> columns(replies.size());
  for (const RememberedReply& r : replies) {
    columns.Add(r.user_id, r.key, r.fingerprint, pg::Param::Bytes(r.reply), r.created_at);
  }
  transaction.Exec(
      "insert into idempotency_keys (user_id, key, fingerprint, answer, created_at) "
      "select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[]) "
      "on conflict (user_id, key) do update set fingerprint = excluded.fingerprint, answer = excluded.answer, "
      "created_at = excluded.created_at",
      columns.Finish());
}

Snapshot LoadSnapshot(pg::Transaction& transaction, std::string tick_position) {
  Snapshot snapshot{.tick_position = std::move(tick_position)};
  transaction.Exec(kForgetReplies);
  const pg::Rows accounts = transaction.Exec("select " + std::string(kAccountColumns) + " from accounts");
  for (std::size_t i = 0; i < accounts.size(); ++i) snapshot.accounts.push_back(ToAccount(accounts, i));
  const pg::Rows trades = transaction.Exec("select " + std::string(kTradeColumns) +
                                           " from trades where status = 'ACTIVE' order by trade_id");
  for (std::size_t i = 0; i < trades.size(); ++i) snapshot.active_trades.push_back(ToTrade(trades, i));
  const pg::Rows replies = transaction.Exec(
      "select user_id, key, fingerprint, answer, created_at from idempotency_keys order by created_at");
  for (std::size_t i = 0; i < replies.size(); ++i) {
    snapshot.replies.push_back({replies.Int(i, 0), std::string(replies.Text(i, 1)), std::string(replies.Text(i, 2)),
                                replies.Bytes(i, 3), replies.Time(i, 4)});
  }
  return snapshot;
}

}  // namespace

absl::StatusOr<Snapshot> PgJournal::TakeOver() {
  Snapshot snapshot;
  std::int64_t fence = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    // The row lock waits for a commit that is under way, here or in the process that is being superseded.
    const pg::Rows state = transaction.Exec(
        "update engine_state set fence = fence + 1, updated_at = now() where shard = 0 returning fence, tick_position");
    fence = state.Int(0, 0);
    snapshot = LoadSnapshot(transaction, std::string(state.Text(0, 1)));
    return absl::OkStatus();
  }));
  fence_ = fence;
  return snapshot;
}

absl::Status PgJournal::Commit(const Batch& batch) {
  return pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    const pg::Rows owned = transaction.Exec(
        "update engine_state set tick_position = $1, updated_at = now() where shard = 0 and fence = $2",
        {batch.tick_position(), fence_});
    if (owned.affected() != 1) return absl::AbortedError("another trade engine has taken over");
    if (!batch.accounts().empty()) WriteAccounts(transaction, batch.accounts());
    if (!batch.trades().empty()) WriteTrades(transaction, batch.trades());
    if (!batch.orders().empty()) WriteOrders(transaction, batch.orders());
    if (!batch.transfers().empty()) WriteTransfers(transaction, batch.transfers());
    if (!batch.replies().empty()) WriteReplies(transaction, batch.replies());
    WriteEvents(transaction, batch);
    return absl::OkStatus();
  });
}

void PgJournal::WriteEvents(pg::Transaction& transaction, const Batch& batch) const {
  std::vector<events::Event> outbox;
  outbox.reserve(batch.events().size());
  for (const Event& event : batch.events()) {
    outbox.push_back({.id = event.event_id,
                      .type = codec_.type,
                      .user_id = event.account.user_id,
                      .time = event.time,
                      .request_id = event.request_id,
                      .payload = codec_.encode(event)});
  }
  if (!outbox.empty()) events::AppendToOutbox(transaction, outbox);
}

}  // namespace papertape::trade_engine
