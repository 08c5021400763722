#include "gateway/rate_limiter.h"

#include <algorithm>

namespace papertape::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds kMinute = std::chrono::minutes(1);
constexpr std::uint64_t kByUser = 256;

std::uint64_t BigEndian(const unsigned char* bytes) {
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = (number << 8U) | bytes[i];
  return number;
}

}  // namespace

std::size_t RateLimiter::KeyHash::operator()(const Key& key) const {
  std::uint64_t hash = key.kind;
  for (const std::uint64_t part : {key.high, key.low}) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
    hash ^= hash >> 32U;
  }
  return hash;
}

RateLimiter::Key RateLimiter::KeyOf(std::uint64_t kind, std::int64_t user_id, const boost::asio::ip::address& client) {
  if (user_id != 0) return {kind | kByUser, 0, static_cast<std::uint64_t>(user_id)};
  if (client.is_v4()) return {kind, 4, client.to_v4().to_uint()};
  // A household is given a whole /64.
  return {kind, 6, BigEndian(client.to_v6().to_bytes().data())};
}

RateDecision RateLimiter::Count(api::v1::RateClass rate_class, std::int64_t user_id,
                                const boost::asio::ip::address& client, Instant now) {
  switch (rate_class) {
    case api::v1::RATE_CLASS_NONE:
      return {};
    case api::v1::RATE_CLASS_LOGIN:
      return Spend(KeyOf(1, 0, client), limits_.login, now);
    case api::v1::RATE_CLASS_NOTIFY:
      return Spend(KeyOf(2, user_id, client), limits_.notify, now);
    case api::v1::RATE_CLASS_UPLOAD:
      return Spend(KeyOf(3, user_id, client), limits_.upload, now);
    default:
      return Spend(KeyOf(0, user_id, client), user_id != 0 ? limits_.user : limits_.anonymous, now);
  }
}

RateDecision RateLimiter::Spend(const Key& key, std::int64_t limit, Instant now) {
  if (limit <= 0) return {};
  const nanoseconds each = kMinute / limit;
  const nanoseconds burst = each * limit;
  // The shard is chosen by other bits than the bucket within it.
  Shard& shard = shards_[(KeyHash()(key) >> 40U) % kShards];
  const std::lock_guard lock(shard.mutex);
  if (shard.used_until.size() >= kMostBuckets / kShards) {
    std::erase_if(shard.used_until, [&](const auto& bucket) { return bucket.second <= now; });
    if (shard.used_until.size() >= kMostBuckets / kShards) shard.used_until.clear();
  }
  Instant& used_until = shard.used_until.try_emplace(key, now).first->second;
  const nanoseconds used = std::max(used_until - now, nanoseconds(0));
  RateDecision decision{.limit = limit};
  decision.allowed = used + each <= burst;
  if (decision.allowed) {
    used_until = now + used + each;
  } else {
    decision.retry_after = std::chrono::ceil<milliseconds>(used + each - burst);
  }
  const nanoseconds after = decision.allowed ? used + each : used;
  decision.remaining = (burst - after) / each;
  decision.reset = std::chrono::ceil<seconds>(after);
  return decision;
}

}  // namespace papertape::gateway
