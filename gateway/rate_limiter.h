// How many requests a minute one user or one address may make, in memory, of this process. A bucket is one number, the
// moment until which it is used up (the generic cell rate algorithm): a full minute's worth may come at once, after
// which requests are let through evenly. Thread-safe.
#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "libs/clock/clock.h"
#include "papertape/api/v1/options.pb.h"

namespace papertape::gateway {

// Requests a minute; 0 is no limit.
struct RateLimits {
  std::int64_t user = 600;
  std::int64_t anonymous = 60;
  std::int64_t login = 5;
  std::int64_t notify = 5;
  std::int64_t upload = 10;
};

struct RateDecision {
  bool allowed = true;
  std::int64_t limit = 0;  // 0: not limited, nothing else is said
  std::int64_t remaining = 0;
  std::chrono::seconds reset{};             // until the whole limit is there again
  std::chrono::milliseconds retry_after{};  // when it is not allowed
};

class RateLimiter {
 public:
  // Buckets that are kept; past it, those that are full again are forgotten, and if that is not enough, all are.
  static constexpr std::size_t kMostBuckets = 1U << 18U;

  explicit RateLimiter(RateLimits limits) : limits_(limits) {}
  // Counts one request. Sign-ins are counted by address, whoever they claim to be; everything else by user where there
  // is one (`user_id` other than 0), else by address (of IPv6, by its /64).
  RateDecision Count(api::v1::RateClass rate_class, std::int64_t user_id, const boost::asio::ip::address& client,
                     Instant now);

 private:
  static constexpr std::size_t kShards = 16;
  struct Key {
    std::uint64_t kind = 0;  // which limit, and whether `high` and `low` are a user or an address
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Key, Instant, KeyHash> used_until;
  };
  static Key KeyOf(std::uint64_t kind, std::int64_t user_id, const boost::asio::ip::address& client);
  RateDecision Spend(const Key& key, std::int64_t limit, Instant now);

  const RateLimits limits_;
  std::array<Shard, kShards> shards_;
};

}  // namespace papertape::gateway
