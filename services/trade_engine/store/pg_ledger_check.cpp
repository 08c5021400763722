#include <map>

#include "fmt/format.h"
#include "services/trade_engine/store/event_rows.h"
#include "services/trade_engine/store/pg_event_log.h"
#include "services/trade_engine/store/pg_ledger.h"

namespace papertape::trade_engine {
namespace {

// Where an account says that its chain ends.
struct Head {
  std::int64_t last_seq = 0;
  std::string hash;
};

// Walks a stretch of the log beside the accounts that it belongs to.
class Walk {
 public:
  Walk(pg::Transaction& transaction, LogFinding& finding) : transaction_(transaction), finding_(finding) {}

  void Run(std::int64_t size) {
    const AccountKey first = finding_.last.account;
    const pg::Rows rows = transaction_.Exec(
        "select " + std::string(kEventColumns) +
            " from events where (session, user_id, account_seq) > ($1, $2, $3) order by session, user_id, account_seq "
            "limit $4",
        {first.session, first.user_id, finding_.last.account_seq, size});
    finding_.at_end = static_cast<std::int64_t>(rows.size()) < size;
    LoadHeads(first, rows);
    for (std::size_t i = 0; i < rows.size() && !finding_.fault; ++i) Step(EventRow(rows, i));
    // The last account of a full stretch may go on in the next one.
    if (!finding_.at_end || finding_.fault) return;
    Close();
    if (!heads_.empty()) Fault(heads_.begin()->first, 1, "is missing, and all behind it");
  }

 private:
  void LoadHeads(const AccountKey& first, const pg::Rows& rows) {
    std::string sql = "select session, user_id, last_seq, head from accounts where (session, user_id) >= ($1, $2)";
    std::vector<pg::Param> params{first.session, first.user_id};
    if (!finding_.at_end) {
      sql += " and (session, user_id) <= ($3, $4)";
      params.emplace_back(rows.Int(rows.size() - 1, 0));
      params.emplace_back(rows.Int(rows.size() - 1, 1));
    }
    const pg::Rows accounts = transaction_.Exec(sql, params);
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      heads_[{accounts.Int(i, 0), accounts.Int(i, 1)}] = {accounts.Int(i, 2), accounts.Bytes(i, 3)};
    }
  }

  void Step(const EventRow& row) {
    const LoggedEvent& event = row.event;
    LogPlace& last = finding_.last;
    const AccountKey account{event.session, event.user_id};
    if (account != last.account || last.account_seq == 0) {
      if (last.account_seq != 0) Close();
      if (finding_.fault) return;
      if (!heads_.contains(account)) return Fault(account, event.account_seq, "belongs to no account");
      if (heads_.begin()->first < account) return Fault(heads_.begin()->first, 1, "is missing, and all behind it");
      const bool may_begin = event.account_seq == 1 || event.cause == kLogBegins || event.cause == kBeforeTheLog;
      if (!may_begin) return Fault(account, 1, "is missing");
      last = {.account = account, .account_seq = event.account_seq - 1};
    }
    if (event.account_seq != last.account_seq + 1) return Fault(account, last.account_seq + 1, "is missing");
    if (HashAfter(last.hash, event) != row.hash) return Fault(account, event.account_seq, "is not what was written");
    last.account_seq = event.account_seq;
    last.hash = row.hash;
    ++finding_.checked;
  }

  // The account that was walked ends here: so must its head.
  void Close() {
    const LogPlace& last = finding_.last;
    if (last.account_seq == 0) return;
    const auto found = heads_.find(last.account);
    if (found == heads_.end()) return Fault(last.account, last.account_seq, "belongs to no account");
    const Head head = found->second;
    heads_.erase(found);
    if (head.last_seq > last.account_seq) {
      return Fault(last.account, last.account_seq + 1, "is missing: the account's log is cut off");
    }
    if (head.last_seq < last.account_seq) return Fault(last.account, last.account_seq, "is behind the account's head");
    if (head.hash != last.hash) return Fault(last.account, last.account_seq, "is not the head that the account keeps");
    finding_.heads.push_back(last);
  }

  void Fault(const AccountKey& account, std::int64_t account_seq, std::string_view problem) {
    finding_.fault = {.account = account, .account_seq = account_seq, .problem = std::string(problem)};
  }

  pg::Transaction& transaction_;
  LogFinding& finding_;
  std::map<AccountKey, Head> heads_;  // of accounts not walked yet
};

// The figures of the accounts that ended are the sums of their entries: the whole law, which the triggers hold step by
// step.
void CheckFigures(pg::Transaction& transaction, LogFinding& finding) {
  if (finding.heads.empty() || finding.fault) return;
  const AccountKey& from = finding.heads.front().account;
  const AccountKey& to = finding.heads.back().account;
  const pg::Rows wrong = transaction.Exec(
      "select a.session, a.user_id, a.last_seq from accounts a left join lateral (select * from figures where "
      "figures.session = a.session and figures.user_id = a.user_id) f on true "
      "where (a.session, a.user_id) between ($1, $2) and ($3, $4) "
      "and (a.deposit, a.available, a.utilized, a.realized_pnl) is distinct from "
      "(f.deposit, f.available, f.utilized, f.realized_pnl) order by a.session, a.user_id limit 1",
      {from.session, from.user_id, to.session, to.user_id});
  if (wrong.empty()) return;
  finding.fault = {.account = {wrong.Int(0, 0), wrong.Int(0, 1)},
                   .account_seq = wrong.Int(0, 2),
                   .problem = "leaves figures that are not the sums of the account's entries"};
}

}  // namespace

absl::StatusOr<LogFinding> PgLedger::Check(const LogPlace& after, std::int64_t size) {
  LogFinding finding;
  const absl::Status read = pool_.Read([&](pg::Transaction& transaction) {
    finding = LogFinding{.last = after};
    if (after.account_seq > 0) {
      const pg::Rows known =
          transaction.Exec("select hash from events where (session, user_id, account_seq) = ($1, $2, $3)",
                           {after.account.session, after.account.user_id, after.account_seq});
      if (known.empty() || known.Bytes(0, 0) != after.hash) {
        finding.fault = {after.account, after.account_seq, "has changed since it was checked"};
        return absl::OkStatus();
      }
    }
    Walk(transaction, finding).Run(size);
    CheckFigures(transaction, finding);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return finding;
}

absl::StatusOr<std::vector<LogPlace>> PgLedger::Missing(const std::vector<LogPlace>& places) {
  std::vector<LogPlace> missing;
  const absl::Status read = pool_.Read([&](pg::Transaction& transaction) {
    missing.clear();
    for (const LogPlace& place : places) {
      const pg::Rows held =
          transaction.Exec("select hash from events where (session, user_id, account_seq) = ($1, $2, $3)",
                           {place.account.session, place.account.user_id, place.account_seq});
      if (held.empty() || held.Bytes(0, 0) != place.hash) missing.push_back(place);
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return missing;
}

}  // namespace papertape::trade_engine
