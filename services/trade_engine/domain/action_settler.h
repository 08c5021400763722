// Pays what a corporate action owes to trades that were closed after its ex-date had begun and before the engine
// applied it: the dividend of a share that was held on its day, and the shares of a split that nobody knew of when the
// trade was closed. Each applied action is settled once; what a crash interrupts is found again in the database.
#pragma once

#include <chrono>
#include <functional>

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/action_ports.h"
#include "services/trade_engine/domain/commands.h"

namespace papertape::trade_engine {

class ActionSettler {
 public:
  // Has the engine decide, and waits until that is durable.
  using Settle = std::function<absl::StatusOr<ActionSettled>(const SettleAction&)>;
  // `session` names the one whose books are open.
  ActionSettler(ActionArchive& archive, std::function<std::int64_t()> session, Settle settle)
      : archive_(archive), session_(std::move(session)), settle_(std::move(settle)) {}

  // Settles what there is; how long to rest. One thread at a time.
  absl::StatusOr<std::chrono::milliseconds> Step();

 private:
  ActionArchive& archive_;
  const std::function<std::int64_t()> session_;
  const Settle settle_;
};

}  // namespace papertape::trade_engine
