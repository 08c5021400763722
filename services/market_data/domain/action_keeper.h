// Keeps the corporate actions of the listed shares up to date: asks the chain for each share once a day, the one that
// was asked longest ago first. Thread-safe: two that ask for the same share at once write the same twice.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/provider_chain.h"

namespace papertape::market {

class ActionKeeper {
 public:
  struct Ports {
    ActionStore& actions;
    ProviderChain& chain;
    const Clock& clock;
  };
  // What became of one share.
  struct Asked {
    std::string symbol;
    std::string source;        // who answered; empty: nobody
    std::int64_t changed = 0;  // actions that are new or not as they were
    absl::Status status;
  };

  ActionKeeper(const Ports& ports, std::chrono::milliseconds timeout, std::function<void(const Asked&)> noted)
      : ports_(ports), timeout_(timeout), noted_(std::move(noted)) {}

  // Asks for one share; how long to rest before the next. An error is the database's.
  absl::StatusOr<std::chrono::milliseconds> Step();

 private:
  const Ports ports_;
  const std::chrono::milliseconds timeout_;
  const std::function<void(const Asked&)> noted_;
};

}  // namespace papertape::market
