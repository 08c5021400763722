#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/store/pg_ledger.h"
#include "tests/chaos/audit.h"

namespace papertape::chaos {
namespace {

constexpr std::int64_t kEventsAtOnce = 5'000;

}  // namespace

Faults AuditBooks(pg::Pool& pool) {
  trade_engine::PgLedger ledger(pool, trade_engine::DecodeEvent);
  Faults faults;
  for (trade_engine::LogFinding found; !found.at_end && !found.fault;) {
    auto next = ledger.Check(found.last, kEventsAtOnce);
    if (!next.ok()) throw std::runtime_error(next.status().ToString());
    found = *std::move(next);
    if (!found.fault) continue;
    faults.push_back(fmt::format("event {} of user {} {}", found.fault->account_seq, found.fault->account.user_id,
                                 found.fault->problem));
  }
  for (trade_engine::BooksFinding found; !found.at_end;) {
    auto next = ledger.Compare(found.last, kEventsAtOnce);
    if (!next.ok()) throw std::runtime_error(next.status().ToString());
    found = *std::move(next);
    for (const trade_engine::RowDifference& difference : found.differences) {
      faults.push_back(fmt::format("{} {} {}: stored {}, logged {}", difference.table, difference.key,
                                   difference.column, difference.stored, difference.logged));
    }
  }
  return faults;
}

}  // namespace papertape::chaos
