// What must be true of the engine's database after anything that happened to it. Each check answers what is wrong, in
// words; nothing when all is well.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "tests/chaos/market_feed.h"
#include "tests/chaos/trader.h"

namespace papertape::chaos {

using Faults = std::vector<std::string>;

// Accounts equal the sums of their transfers and of their trades; every trade has one order that opens it and, closed,
// one that closes it; every order has its fill.
Faults AuditLedger(pg::Pool& pool);
// The event log is unbroken, and every row is what replaying it makes: what `papertape ledger verify` and `rebuild`
// say.
Faults AuditBooks(pg::Pool& pool);
// An account's events are numbered without gaps; each trade was opened once and closed at most once, as its row says.
// Redis has every event.
Faults AuditEvents(pg::Pool& pool, redis::Client& redis);
// Every trade that its stop or target closed was closed by the first tick that crossed it after its fill.
Faults AuditTriggers(pg::Pool& pool, const std::map<std::string, std::vector<Tick>>& ticks);
// Everything acknowledged is stored as it was told, exactly once; nothing more is stored than was asked for.
Faults AuditAcknowledged(pg::Pool& pool, const std::vector<const Trader*>& traders);

// All rows of a query; throws when the database does not answer.
pg::Rows Select(pg::Pool& pool, std::string_view sql);

}  // namespace papertape::chaos
