// The daily bars of everything that traded on a day, got with one question and kept for as long as a job takes that
// asks for every instrument. Thread-safe: who needs a day that another is asking for waits for that answer.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/provider_chain.h"

namespace papertape::market {

class WholeDays {
 public:
  // More days than these are asked for symbol by symbol.
  static constexpr std::size_t kMostDays = 7;
  static constexpr std::chrono::minutes kKeptFor{10};
  static constexpr std::chrono::minutes kFailureKeptFor{1};

  WholeDays(ProviderChain& chain, const Clock& clock) : chain_(chain), clock_(clock) {}
  // The instrument's bars of all these days; nothing where it must be asked for by itself: a day cannot be had whole,
  // or lacks it.
  std::optional<SourcedBars> Find(const Stretch& days, const Instrument& instrument, Instant deadline);

 private:
  struct Day {
    Instant forgotten_at;
    std::string source;
    std::unordered_map<std::string, Bar> bars;  // by symbol; none where it cannot be had
  };
  const Day& Get(Timestamp day, const Instrument& instrument, Instant deadline);

  ProviderChain& chain_;
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::map<Timestamp, Day> days_;
};

}  // namespace papertape::market
