#include "services/trade_engine/store/pg_event_log.h"

#include <openssl/sha.h>

#include "libs/log/log.h"
#include "services/trade_engine/store/columns.h"
#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {
namespace {

constexpr std::size_t kRowLength = 1'024;  // of an event on the wire, about

}  // namespace

std::string Sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string HashAfter(std::string_view previous, const LoggedEvent& event) {
  return Sha256(std::string(previous) + CanonicalBytes(event));
}

void PgEventLog::Begin(pg::Transaction& transaction) {
  heads_.clear();
  const pg::Rows rows =
      transaction.Exec("select " + std::string(kAccountColumns) +
                       ", now(), session, (select hash from events e where (e.session, e.user_id, e.account_seq) = "
                       "(a.session, a.user_id, a.last_seq)) from accounts a where head is null");
  if (rows.empty()) return;
  constexpr int kNow = 15;
  rows_ = pg::CopyRows();
  Columns<4> begun(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Event event{.kind = EventKind::kAccountCarriedOver, .account = ToAccount(rows, i)};
    event.time = rows.Time(i, kNow);
    event.account_seq = ++event.account.last_seq;
    event.event_id = event.account.portfolio_id;  // unique, and no other event's
    event.cause = kLogBegins;
    const std::int64_t session = rows.Int(i, kNow + 1);
    std::string head = rows.Bytes(i, kNow + 2);
    Add(session, {.event = event, .transfers = {}}, head);
    begun.Add(session, event.account.user_id, event.account_seq, pg::Param::Bytes(head));
  }
  transaction.CopyBinary({{kColumns, rows_}});
  transaction.Exec(
      "update accounts a set last_seq = n.last_seq, head = n.head "
      "from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) as n (session, user_id, last_seq, head) "
      "where (a.session, a.user_id) = (n.session, n.user_id)",
      begun.Finish());
  log::Info("accounts from before the event log were carried over", {{"accounts", rows.size()}});
}

void PgEventLog::Chain(pg::Transaction& transaction, std::int64_t session, const Batch& batch) {
  if (session != session_) heads_.clear();
  session_ = session;
  chained_.clear();
  rows_ = pg::CopyRows();
  rows_.Reserve(batch.events().size() * kRowLength);
  Learn(transaction, batch);
  for (const EventView& view : EventsOf(batch)) {
    const std::int64_t user_id = view.event.account.user_id;
    const auto [head, is_first] = chained_.try_emplace(user_id);
    if (is_first) head->second = heads_.at(user_id);
    Add(session, view, head->second);
  }
}

void PgEventLog::Learn(pg::Transaction& transaction, const Batch& batch) {
  for (const Account& account : batch.accounts().made()) heads_.try_emplace(account.user_id);
  pg::ArrayParam unknown;
  bool any = false;
  for (const Account& account : batch.accounts().changed()) {
    if (heads_.contains(account.user_id)) continue;
    unknown.Add(account.user_id);
    any = true;
  }
  if (!any) return;
  const pg::Rows rows =
      transaction.Exec("select user_id, head from accounts where session = $1 and user_id = any($2::bigint[])",
                       {session_, unknown.Finish()});
  for (std::size_t i = 0; i < rows.size(); ++i) heads_[rows.Int(i, 0)] = rows.Bytes(i, 1);
}

void PgEventLog::Add(std::int64_t session, const EventView& view, std::string& head) {
  const Event& event = view.event;
  const std::string payload = codec_.encode(session, view);
  const LoggedEvent logged{.session = session,
                           .user_id = event.account.user_id,
                           .account_seq = event.account_seq,
                           .id = event.event_id,
                           .type = codec_.type,
                           .time = event.time,
                           .request_id = event.request_id,
                           .cause = event.cause,
                           .payload = payload};
  head = HashAfter(head, logged);
  rows_.Add(logged.session, logged.user_id, logged.account_seq, logged.time, logged.id, logged.type, logged.request_id,
            logged.cause, pg::Bytea{logged.payload}, pg::Bytea{head});
}

const std::string& PgEventLog::HeadOf(std::int64_t user_id) const {
  const auto moved = chained_.find(user_id);
  return moved != chained_.end() ? moved->second : heads_.at(user_id);
}

void PgEventLog::Committed() {
  for (auto& [user_id, head] : chained_) heads_[user_id] = std::move(head);
  chained_.clear();
}

}  // namespace papertape::trade_engine
