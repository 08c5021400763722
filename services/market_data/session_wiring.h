// Wires the sessions of the market: what turns the tape, the operator's calls, and the thread that keeps the row.
#pragma once

#include "libs/pg/pool.h"
#include "libs/rpc/host.h"
#include "services/market_data/domain/market_sessions.h"
#include "services/market_data/domain/market_tape.h"
#include "services/market_data/store/pg_action_store.h"
#include "services/market_data/store/redis_tick_publisher.h"

namespace papertape::market {

// `fresh`: how old a quote may grow; prices are repeated twice as often, in the market's time.
// `published` knows what was told last.
MarketSessions& WireSessions(service::Host& host, pg::Pool& pool, PgActionStore& actions, MarketTape& tape,
                             RedisTickPublisher& published, std::chrono::milliseconds fresh);

}  // namespace papertape::market
