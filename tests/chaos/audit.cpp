#include "tests/chaos/audit.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "papertape/trade_engine/v1/events.pb.h"

namespace papertape::chaos {
namespace {

// A query that finds nothing when all is well, and otherwise names the offender in its first column.
struct Law {
  const char* name;
  const char* offenders;
};

constexpr Law kLaws[] = {
    {"an account is the sum of its transfers",
     R"(select a.user_id from accounts a join (
          select session, user_id,
            sum(case 'deposit' when from_book then amount when to_book then -amount else 0 end) as deposit,
            sum(case 'cash' when to_book then amount when from_book then -amount else 0 end) as available,
            sum(case 'margin' when to_book then amount when from_book then -amount else 0 end) as utilized,
            sum(case when from_book in ('pnl', 'fees', 'dividends') then amount
              when to_book in ('pnl', 'fees', 'dividends') then -amount else 0 end) as realized_pnl
          from transfers group by 1, 2) t using (session, user_id)
        where (a.deposit, a.available, a.utilized, a.realized_pnl)
          <> (t.deposit, t.available, t.utilized, t.realized_pnl))"},
    {"an account is the sum of its trades",
     R"(select a.user_id from accounts a left join (
          select session, user_id, count(*) as total, count(*) filter (where status <> 'ACTIVE') as closed,
            sum(margin_used) as margin, coalesce(sum(coalesce(pnl, income)), 0) as pnl
          from trades group by 1, 2) t using (session, user_id)
        where (a.total_trades, a.closed_trades, a.utilized, a.realized_pnl)
          <> (coalesce(t.total, 0), coalesce(t.closed, 0), coalesce(t.margin, 0), coalesce(t.pnl, 0)))"},
    {"money only moves", "select user_id from accounts where available + utilized <> deposit + realized_pnl"},
    {"a trade has one order that opens it, and one that closes it once it is closed",
     R"(select t.trade_id from trades t left join orders o using (session, user_id, trade_id)
        group by t.session, t.user_id, t.trade_id
        having count(*) filter (where o.opens) <> 1
          or count(*) filter (where not o.opens) <> (case t.status when 'ACTIVE' then 0 else 1 end))"},
    {"an order belongs to a trade",
     "select order_id from orders o where not exists (select from trades t "
     "where (t.session, t.user_id, t.trade_id) = (o.session, o.user_id, o.trade_id))"},
    {"an order has one fill and a fill one order",
     "select order_id from orders full join fills using (user_id, order_id) where orders.order_id is null or "
     "fills.order_id is null"},
    {"a trade is of one user", "select trade_id from trades group by trade_id having count(*) > 1"},
    {"events of an account are numbered without gaps",
     "select user_id from accounts left join (select session, user_id, count(*) as events from events group by 1, 2) e "
     "using (session, user_id) where last_seq <> coalesce(events, 0)"},
    {"an event is chained to the one before it",
     "select e.id from events e left join events before on (before.session, before.user_id, before.account_seq) = "
     "(e.session, e.user_id, e.account_seq - 1) where e.hash <> event_hash(before.hash, e)"},
    {"an account knows the hash of its newest event",
     "select a.user_id from accounts a left join events e on (e.session, e.user_id, e.account_seq) = "
     "(a.session, a.user_id, a.last_seq) where e.hash is distinct from a.head"},
};

std::string KindOfStatus(std::string_view status) {
  if (status == "STOP_LOSS_HIT") return "KIND_STOP_LOSS_HIT";
  if (status == "TARGET_HIT") return "KIND_TARGET_HIT";
  return "KIND_TRADE_EXITED";
}

// Every event id that Redis holds.
std::set<std::string> StreamedIds(redis::Client& redis) {
  std::set<std::string> ids;
  for (std::string after = "0-0";;) {
    const auto entries = redis.ReadStream("events.trading", after, 1'000, std::chrono::milliseconds(0));
    if (!entries.ok()) throw std::runtime_error(entries.status().ToString());
    if (entries->empty()) return ids;
    for (const redis::StreamEntry& entry : *entries) ids.insert(*entry.Find("id"));
    after = entries->back().id;
  }
}

}  // namespace

pg::Rows Select(pg::Pool& pool, std::string_view sql) {
  std::optional<pg::Rows> rows;
  const absl::Status status = pool.Read([&](pg::Transaction& transaction) {
    rows = transaction.Exec(sql);
    return absl::OkStatus();
  });
  if (!status.ok()) throw std::runtime_error(status.ToString());
  return *rows;
}

Faults AuditLedger(pg::Pool& pool) {
  Faults faults;
  for (const Law& law : kLaws) {
    const pg::Rows offenders = Select(pool, law.offenders);
    if (offenders.empty()) continue;
    faults.push_back(
        fmt::format("{}: not so for {} and {} more", law.name, offenders.Text(0, 0), offenders.size() - 1));
  }
  return faults;
}

Faults AuditEvents(pg::Pool& pool, redis::Client& redis) {
  Faults faults;
  const std::set<std::string> streamed = StreamedIds(redis);
  std::map<std::string, std::map<std::string, int>> kinds;  // of each trade
  std::map<std::int64_t, std::int64_t> last_seq;
  const pg::Rows rows = Select(pool, "select id, payload from events order by position");
  for (std::size_t row = 0; row < rows.size(); ++row) {
    v1::TradingEvent event;
    if (!event.ParseFromString(rows.Bytes(row, 1))) faults.push_back("an event cannot be read");
    std::int64_t& seq = last_seq[event.portfolio().user_id()];
    if (event.account_seq() != ++seq) {
      faults.push_back(
          fmt::format("event {} of user {} follows {}", event.account_seq(), event.portfolio().user_id(), seq - 1));
    }
    if (event.has_trade()) ++kinds[event.trade().trade_id()][v1::TradingEvent::Kind_Name(event.kind())];
    if (!streamed.contains(std::string(rows.Text(row, 0)))) {
      faults.push_back(fmt::format("event {} never reached Redis", rows.Text(row, 0)));
    }
  }
  const pg::Rows trades = Select(pool, "select trade_id, status from trades");
  for (std::size_t row = 0; row < trades.size(); ++row) {
    std::map<std::string, int> expected{{"KIND_TRADE_OPENED", 1}};
    if (trades.Text(row, 1) != "ACTIVE") expected[KindOfStatus(trades.Text(row, 1))] = 1;
    if (kinds[std::string(trades.Text(row, 0))] != expected) {
      faults.push_back(fmt::format("the events of trade {} do not tell its story", trades.Text(row, 0)));
    }
  }
  if (kinds.size() != trades.size()) faults.push_back("events tell of trades that are not there");
  return faults;
}

}  // namespace papertape::chaos
