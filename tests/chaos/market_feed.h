// The market of the chaos tests: random walks published on the Redis stream `ticks` as market_data publishes them, and
// remembered, so that the audit knows which tick should have fired what. Thread-safe.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "libs/money/money.h"
#include "libs/redis/redis.h"

namespace papertape::chaos {

struct Tick {
  Timestamp time;
  Price price;
};

inline const std::vector<std::string>& Symbols() {
  static const auto* const symbols = new std::vector<std::string>{"AAPL", "MSFT", "IBM", "AMZN"};
  return *symbols;
}

class MarketFeed {
 public:
  MarketFeed(std::string redis_url, RandomBits random);
  ~MarketFeed() { Stop(); }
  MarketFeed(const MarketFeed&) = delete;
  MarketFeed& operator=(const MarketFeed&) = delete;

  // Walks until stopped.
  void Start();
  void Stop();
  // One tick of each symbol at this price; answers the error if Redis does not take it.
  absl::Status Publish(Price price);
  [[nodiscard]] Price Newest(const std::string& symbol) const;
  // All ticks of each symbol, in order.
  [[nodiscard]] std::map<std::string, std::vector<Tick>> Ticks() const;

 private:
  absl::Status PublishLocked(const std::map<std::string, Price>& prices);
  void Walk();

  redis::Client redis_;
  RandomBits random_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Tick>> ticks_;
  Timestamp last_time_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace papertape::chaos
