#include "fmt/format.h"
#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/event_rows.h"
#include "services/trade_engine/store/new_rows.h"
#include "services/trade_engine/store/pg_event_log.h"
#include "services/trade_engine/store/pg_ledger.h"
#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {
namespace {

constexpr std::int64_t kEventsAtOnce = 1'000;

Transfer ToTransfer(const pg::Rows& rows, std::size_t row) {
  return {.user_id = rows.Int(row, 0),
          .account_seq = rows.Int(row, 1),
          .line = static_cast<int>(rows.Int(row, 2)),
          .from = ParseLedgerBook(rows.Text(row, 3)).value_or(LedgerBook::kCash),
          .to = ParseLedgerBook(rows.Text(row, 4)).value_or(LedgerBook::kCash),
          .amount = rows.Exact<Money>(row, 5),
          .trade_id = std::string(rows.Text(row, 6)),
          .created_at = rows.Time(row, 7)};
}

constexpr std::string_view kTransferColumns =
    "user_id, account_seq, line, from_book, to_book, amount, trade_id, created_at";

// Rows from before the log began are none of its business; those that it tells of are, whatever their age.
template <class Row, class IsTold>
bool Concerns(const LedgerProjection& logged, const Row& row, const IsTold& is_told) {
  return !logged.carried_over_at() || row.created_at > *logged.carried_over_at() || is_told(row);
}

struct StoredRows {
  std::vector<DescribedRow> accounts, trades, orders, transfers;
};

StoredRows LoadStored(pg::Transaction& transaction, const AccountKey& key, const LedgerProjection& logged) {
  StoredRows stored;
  const std::vector<pg::Param> params{key.session, key.user_id};
  const auto select = [&](std::string_view columns, std::string_view rest) {
    return transaction.Exec(fmt::format("select {} from {}", columns, rest), params);
  };
  const pg::Rows accounts = select(kAccountColumns, "accounts where session = $1 and user_id = $2");
  for (std::size_t i = 0; i < accounts.size(); ++i) stored.accounts.push_back(Describe(ToAccount(accounts, i)));
  const pg::Rows trades = select(kTradeColumns, "trades where session = $1 and user_id = $2");
  for (std::size_t i = 0; i < trades.size(); ++i) {
    const Trade trade = ToTrade(trades, i);
    const auto told = [&](const Trade& t) { return logged.trades().contains(t.trade_id); };
    if (Concerns(logged, trade, told)) stored.trades.push_back(Describe(trade));
  }
  const pg::Rows orders =
      select(kOrderColumns, "orders o join fills f using (order_id) where o.session = $1 and o.user_id = $2");
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const Order order = ToOrder(orders, i);
    if (Concerns(logged, order, [](const Order&) { return false; })) stored.orders.push_back(Describe(order));
  }
  const pg::Rows transfers = select(kTransferColumns, "transfers where session = $1 and user_id = $2");
  for (std::size_t i = 0; i < transfers.size(); ++i) {
    const Transfer transfer = ToTransfer(transfers, i);
    if (Concerns(logged, transfer, [](const Transfer&) { return false; })) {
      stored.transfers.push_back(Describe(transfer));
    }
  }
  return stored;
}

// What the log makes of an account, as new rows.
Batch ToBatch(const LedgerProjection& logged) {
  Batch batch;
  for (const auto& [id, trade] : logged.trades()) batch.Make(trade);
  for (const Order& order : logged.orders()) batch.Append(order);
  for (const Transfer& transfer : logged.transfers()) batch.Append(transfer);
  return batch;
}

// The account's rows that the log answers for, gone.
void DeleteRows(pg::Transaction& transaction, const AccountKey& key, const LedgerProjection& logged) {
  pg::ArrayParam ids;
  bool any = false;
  for (const auto& [id, trade] : logged.trades()) {
    ids.Add(id);
    any = true;
  }
  const std::vector<pg::Param> of{key.session, key.user_id, pg::Param(logged.carried_over_at())};
  constexpr std::string_view kOfLog = "session = $1 and user_id = $2 and ($3::timestamptz is null or created_at > $3";
  transaction.Exec(fmt::format("delete from fills where order_id in (select order_id from orders where {}))", kOfLog),
                   of);
  transaction.Exec(
      "delete from fills f where user_id = $1 and not exists (select from orders o where o.order_id = "
      "f.order_id)",
      {key.user_id});
  transaction.Exec(fmt::format("delete from orders where {})", kOfLog), of);
  transaction.Exec(fmt::format("delete from transfers where {})", kOfLog), of);
  std::vector<pg::Param> told = of;
  told.push_back(any ? ids.Finish() : pg::Param("{}"));
  transaction.Exec(fmt::format("delete from trades where {} or trade_id = any($4::text[]))", kOfLog), told);
}

void PutAccount(pg::Transaction& transaction, const AccountKey& key, const Account& a) {
  transaction.Exec("delete from accounts where session = $1 and user_id = $2", {key.session, key.user_id});
  transaction.Exec(
      "insert into accounts (session, user_id, portfolio_id, deposit, available, utilized, realized_pnl, fee_model, "
      "slippage_model, total_trades, closed_trades, winning_trades, losing_trades, last_seq, created_at, updated_at, "
      "head) select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, hash from events "
      "where session = $1 and user_id = $2 and account_seq = $14",
      {key.session, key.user_id, a.portfolio_id, a.deposit, a.available, a.utilized, a.realized_pnl, a.fee_model,
       a.slippage_model, a.total_trades, a.closed_trades, a.winning_trades, a.losing_trades, a.last_seq, a.created_at,
       a.updated_at});
}

}  // namespace

absl::StatusOr<LedgerProjection> PgLedger::Replay(pg::Transaction& transaction, const AccountKey& account) {
  LedgerProjection logged;
  LogPlace last{.account = account};
  while (true) {
    const pg::Rows rows = transaction.Exec(
        "select " + std::string(kEventColumns) +
            " from events where session = $1 and user_id = $2 and account_seq > $3 order by account_seq limit $4",
        {account.session, account.user_id, last.account_seq, kEventsAtOnce});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const EventRow row(rows, i);
      if (HashAfter(last.hash, row.event) != row.hash) {
        return Error(Reason::kINTERNAL, fmt::format("event {} is not what was written", row.event.account_seq));
      }
      last.account_seq = row.event.account_seq;
      last.hash = row.hash;
      if (row.event.cause == kBeforeTheLog) continue;
      PT_ASSIGN_OR_RETURN(EventRecord record, decode_(row.payload));
      record.event.time = row.event.time;
      for (Transfer& transfer : record.transfers) transfer.created_at = row.event.time;
      if (record.order) record.order->created_at = row.event.time;
      PT_RETURN_IF_ERROR(logged.Apply(record));
    }
    if (static_cast<std::int64_t>(rows.size()) < kEventsAtOnce) return logged;
  }
}

absl::Status PgLedger::CompareAccount(pg::Transaction& transaction, const AccountKey& account, BooksFinding& finding) {
  RowDifference where{.session = account.session, .user_id = account.user_id, .table = "events"};
  const absl::StatusOr<LedgerProjection> logged = Replay(transaction, account);
  if (!logged.ok()) {
    where.stored = MessageOf(logged.status());
    finding.differences.push_back(std::move(where));
    return absl::OkStatus();
  }
  StoredRows stored = LoadStored(transaction, account, *logged);
  StoredRows told;
  if (logged->events() > 0) told.accounts.push_back(Describe(logged->account()));
  for (const auto& [id, trade] : logged->trades()) told.trades.push_back(Describe(trade));
  for (const Order& order : logged->orders()) told.orders.push_back(Describe(order));
  for (const Transfer& transfer : logged->transfers()) told.transfers.push_back(Describe(transfer));
  finding.events += logged->events();
  finding.rows +=
      static_cast<std::int64_t>(told.accounts.size() + told.trades.size() + told.orders.size() + told.transfers.size());
  const auto compare = [&](const char* table, std::vector<DescribedRow>& left, std::vector<DescribedRow>& right) {
    where.table = table;
    CompareRows(where, std::move(left), std::move(right), finding.differences);
  };
  compare("accounts", stored.accounts, told.accounts);
  compare("trades", stored.trades, told.trades);
  compare("orders", stored.orders, told.orders);
  compare("transfers", stored.transfers, told.transfers);
  return absl::OkStatus();
}

absl::StatusOr<BooksFinding> PgLedger::Compare(const AccountKey& after, std::int64_t size) {
  BooksFinding finding;
  const absl::Status read = pool_.Read([&](pg::Transaction& transaction) -> absl::Status {
    finding = BooksFinding{.last = after};
    while (finding.events < size) {
      // An account is where it has a row, or an event.
      const pg::Rows next = transaction.Exec(
          "select session, user_id from ((select session, user_id from accounts where (session, user_id) > ($1, $2) "
          "order by session, user_id limit 1) union (select session, user_id from events where (session, user_id) > "
          "($1, $2) order by session, user_id limit 1)) both_sides order by session, user_id limit 1",
          {finding.last.session, finding.last.user_id});
      finding.at_end = next.empty();
      if (finding.at_end) break;
      finding.last = {next.Int(0, 0), next.Int(0, 1)};
      ++finding.accounts;
      PT_RETURN_IF_ERROR(CompareAccount(transaction, finding.last, finding));
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return finding;
}

absl::Status PgLedger::RepairAccount(pg::Transaction& transaction, const AccountKey& account) {
  PT_ASSIGN_OR_RETURN(const LedgerProjection logged, Replay(transaction, account));
  if (logged.events() == 0) {
    return Error(Reason::kINTERNAL, fmt::format("the log knows nothing of account {}", account.user_id));
  }
  DeleteRows(transaction, account, logged);
  const Batch batch = ToBatch(logged);
  NewRows rows(account.session, batch);
  transaction.CopyBinary(rows.Targets());
  PutAccount(transaction, account, logged.account());
  return absl::OkStatus();
}

absl::Status PgLedger::Repair(const std::vector<AccountKey>& accounts) {
  const absl::Status repaired = pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    // Waits for a commit under way; the engine at work fails its next one and ends.
    transaction.Exec("update engine_state set fence = fence + 1, updated_at = now() where shard = 0");
    for (const char* table : {"transfers", "accounts"}) {
      transaction.Exec(fmt::format("alter table {} disable trigger user", table));
    }
    transaction.Exec("grant delete on transfers to current_user");
    for (const AccountKey& account : accounts) PT_RETURN_IF_ERROR(RepairAccount(transaction, account));
    transaction.Exec("revoke delete on transfers from current_user");
    for (const char* table : {"transfers", "accounts"}) {
      transaction.Exec(fmt::format("alter table {} enable trigger user", table));
    }
    return absl::OkStatus();
  });
  if (!repaired.ok()) return repaired;
  log::Warning("rows were made again from the event log", {{"accounts", accounts.size()}});
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Transfer>> PgLedger::Statement(const AccountKey& account, std::int64_t after_seq,
                                                          std::int64_t after_line, std::int64_t size) {
  std::vector<Transfer> transfers;
  const absl::Status read = pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        fmt::format("select {} from transfers where session = $1 and user_id = $2 and (account_seq, line) > ($3, $4) "
                    "order by account_seq, line limit $5",
                    kTransferColumns),
        {account.session, account.user_id, after_seq, after_line, size});
    transfers.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) transfers.push_back(ToTransfer(rows, i));
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return transfers;
}

}  // namespace papertape::trade_engine
