#include "tests/chaos/market_feed.h"

#include <algorithm>

#include "libs/rpc/proto_types.h"
#include "papertape/market_data/v1/market_data_service.pb.h"
#include "tests/support/eventually.h"

namespace papertape::chaos {
namespace {

constexpr std::int64_t kStart = 100 * kMicrosPerUnit;
constexpr std::int64_t kStep = 200'000;  // a tick moves the price by up to this many millionths
constexpr std::int64_t kReach = 10 * kMicrosPerUnit;

}  // namespace

MarketFeed::MarketFeed(std::string redis_url, RandomBits random)
    : redis_({.url = std::move(redis_url), .connections = 1}), random_(std::move(random)) {
  for (const std::string& symbol : Symbols()) ticks_[symbol].push_back({{}, Price::FromMicros(kStart)});
}

void MarketFeed::Start() {
  stopping_ = false;
  thread_ = std::thread([this] { Walk(); });
}

void MarketFeed::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

absl::Status MarketFeed::Publish(Price price) {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, Price> prices;
  for (const std::string& symbol : Symbols()) prices[symbol] = price;
  return PublishLocked(prices);
}

absl::Status MarketFeed::PublishLocked(const std::map<std::string, Price>& prices) {
  // Times of ticks never repeat: the audit orders by them.
  last_time_ = std::max(SystemClock().Now(), last_time_ + std::chrono::microseconds(1));
  market_data::v1::QuoteBatch batch;
  for (const auto& [symbol, price] : prices) {
    auto& quote = *batch.add_quotes();
    quote.set_symbol(symbol);
    quote.set_source("chaos");
    rpc::Encode(price, quote.mutable_price());
    rpc::Encode(last_time_, quote.mutable_timestamp());
  }
  const absl::Status added = redis_.Run({"XADD", "ticks", "*", "quotes", batch.SerializeAsString()}).status();
  if (!added.ok()) return added;
  for (const auto& [symbol, price] : prices) ticks_[symbol].push_back({last_time_, price});
  return absl::OkStatus();
}

void MarketFeed::Walk() {
  // A paced loop that ends when told to.
  testing::Eventually(std::chrono::hours(1), [&] {
    const std::scoped_lock lock(mutex_);
    std::map<std::string, Price> prices;
    for (const std::string& symbol : Symbols()) {
      const auto step = static_cast<std::int64_t>(random_() % (2 * kStep + 1)) - kStep;
      prices[symbol] =
          Price::FromMicros(std::clamp(ticks_[symbol].back().price.micros() + step, kStart - kReach, kStart + kReach));
    }
    PublishLocked(prices).IgnoreError();  // a tick that did not get out is none
    return stopping_.load();
  });
}

Price MarketFeed::Newest(const std::string& symbol) const {
  const std::scoped_lock lock(mutex_);
  return ticks_.at(symbol).back().price;
}

std::map<std::string, std::vector<Tick>> MarketFeed::Ticks() const {
  const std::scoped_lock lock(mutex_);
  return ticks_;
}

}  // namespace papertape::chaos
