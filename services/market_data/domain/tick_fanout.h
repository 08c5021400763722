// Tells ticks to several, in the order given: who never waits comes before who may.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "services/market_data/domain/ports.h"

namespace papertape::market {

class TickFanout final : public TickPublisher {
 public:
  explicit TickFanout(std::vector<TickPublisher*> listeners) : listeners_(std::move(listeners)) {}
  void Publish(const TapeBatch& batch) override {
    for (TickPublisher* const listener : listeners_) listener->Publish(batch);
  }
  [[nodiscard]] bool IsBehind() const override {
    return std::any_of(listeners_.begin(), listeners_.end(),
                       [](const TickPublisher* listener) { return listener->IsBehind(); });
  }

 private:
  const std::vector<TickPublisher*> listeners_;
};

}  // namespace papertape::market
