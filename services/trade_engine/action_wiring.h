// Corporate actions, part of the trade engine: who listens to market_data, and who pays what is owed to closed trades.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "libs/rpc/host.h"
#include "services/trade_engine/domain/action_ports.h"
#include "services/trade_engine/domain/engine.h"

namespace papertape::trade_engine {

// Says in the log and in the metrics what was applied; the engine's hook.
std::function<void(const ActionApplied&)> TellActions(service::Host& host);

// Between the engine and the ticks. Answers what must have run before ticks of the past are fed.
std::function<absl::Status()> WireActions(service::Host& host, pg::Pool& pool, redis::Client& redis, Engine& engine,
                                          const CommittedView& view, ActionArchive& archive);

}  // namespace papertape::trade_engine
