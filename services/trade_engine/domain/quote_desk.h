// Finds a price to trade at. The engine's own quotes come with the ticks; a symbol whose quote is missing or ageing is
// asked of the market first, so that an order does not fail for a pause in the stream. In a session of the past the
// tape has all the prices that there are, and the market is only asked whether a symbol exists. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/committed_view.h"
#include "services/trade_engine/domain/ports.h"

namespace papertape::trade_engine {

class QuoteDesk {
 public:
  // Runs a task that waits; false when it cannot take more.
  using Executor = std::function<bool(std::function<void()>)>;
  // `ask_after`: the age at which a quote is asked for again.
  QuoteDesk(const CommittedView& view, QuoteSource& source, const Clock& clock, std::chrono::milliseconds ask_after,
            Executor executor)
      : view_(view), source_(source), clock_(clock), ask_after_(ask_after), executor_(std::move(executor)) {}

  // Calls `then` once with the quotes that had to be asked for: at once when there are none. The first symbol that the
  // market refuses (UNKNOWN_SYMBOL) fails the whole; one that it cannot answer now is left to the engine's own quote.
  void Fetch(std::vector<std::string> symbols, Instant deadline,
             std::function<void(absl::StatusOr<std::vector<Quote>>)> then);

 private:
  absl::StatusOr<std::vector<Quote>> AskAll(const std::vector<std::string>& symbols, Instant deadline);

  const CommittedView& view_;
  QuoteSource& source_;
  const Clock& clock_;
  const std::chrono::milliseconds ask_after_;
  const Executor executor_;
};

}  // namespace papertape::trade_engine
