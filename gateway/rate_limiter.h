// How many requests a minute one user or one address may make, in memory, of this process. A bucket is one number, the
// moment until which it is used up (the generic cell rate algorithm): a full minute's worth may come at once, after
// which requests are let through evenly. Thread-safe.
#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <compare>
#include <cstdint>
#include <mutex>
#include <string_view>
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

// Whom a bucket counts, and for what.
struct RateKey {
  std::uint64_t kind = 0;  // which limit, and what `high` and `low` are: a user, an API key or an address
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const RateKey&, const RateKey&) = default;
};

// An address as a key: itself, of IPv6 its /64, which is what one household is given.
RateKey AddressKey(const boost::asio::ip::address& client);

// What one request is counted against.
struct RateBucket {
  RateKey key;
  std::int64_t limit = 0;  // 0: it is not counted
  // A request uses up this much of its bucket's minute.
  [[nodiscard]] std::chrono::nanoseconds each() const {
    return std::chrono::nanoseconds(std::chrono::minutes(1)) / limit;
  }
};

// Who sent a request, as far as limits care.
struct RateSubject {
  std::int64_t user_id = 0;  // 0: nobody in particular
  std::string_view api_key;  // whose id the token names, when a program sent it
  boost::asio::ip::address client;
};

struct RateDecision {
  bool allowed = true;
  std::int64_t limit = 0;  // 0: not limited, nothing else is said
  std::int64_t remaining = 0;
  std::chrono::seconds reset{};             // until the whole limit is there again
  std::chrono::milliseconds retry_after{};  // when it is not allowed
};

// Sign-ins are counted by address, whoever they claim to be; everything else by API key, else by user, else by address
// (of IPv6, by its /64).
RateBucket BucketOf(const RateLimits& limits, api::v1::RateClass rate_class, const RateSubject& subject);

// What a bucket says of a request after which `used` of it is used up: of its own time too when it was allowed.
RateDecision DecisionOf(const RateBucket& bucket, bool allowed, std::chrono::nanoseconds used);

class RateLimiter {
 public:
  // Buckets that are kept; past it, those that are full again are forgotten, and if that is not enough, all are.
  static constexpr std::size_t kMostBuckets = 1U << 18U;

  // Counts one request.
  RateDecision Count(const RateBucket& bucket, Instant now);

 private:
  static constexpr std::size_t kShards = 16;
  struct KeyHash {
    std::size_t operator()(const RateKey& key) const;
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<RateKey, Instant, KeyHash> used_until;
  };

  std::array<Shard, kShards> shards_;
};

}  // namespace papertape::gateway
