// Follows market_data's events and keeps the corporate actions that they tell, so that nothing told is forgotten. The
// engine is handed what is still to be applied, as soon as it is durable and again now and then: where two processes
// follow, either may have been told.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "libs/events/events.h"
#include "services/trade_engine/domain/corporate_action.h"

namespace papertape::trade_engine {

class ActionFeed {
 public:
  // The action of an event; nothing for an event of another kind, an error for one that cannot be read.
  using Reader = std::function<absl::StatusOr<std::optional<CorporateAction>>(const events::Event&)>;
  using Learn = std::function<void(std::vector<CorporateAction>)>;
  ActionFeed(pg::Pool& pool, redis::Client& redis, events::Consumer::Options options, Reader read, Learn learn);

  // Reads on, waiting a moment for news. What a thread does in a loop.
  absl::Status Step();
  // Reads all that has been told by now: what comes later in the stream of ticks is decided with it.
  absl::Status CatchUp();

 private:
  absl::Status Apply(pg::Transaction& transaction, const events::Event& event);
  absl::Status HandOver();

  pg::Pool& pool_;
  const Reader read_;
  const Learn learn_;
  std::mutex mutex_;  // one reads at a time
  int quiet_steps_ = 0;
  events::Consumer consumer_;
};

}  // namespace papertape::trade_engine
