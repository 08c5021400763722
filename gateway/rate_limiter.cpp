#include "gateway/rate_limiter.h"

#include <algorithm>

namespace papertape::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::uint64_t kByUser = 256;
constexpr std::uint64_t kByApiKey = 512;

std::uint64_t BigEndian(const unsigned char* bytes) {
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = (number << 8U) | bytes[i];
  return number;
}

std::uint64_t Hash(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

RateKey KeyOf(std::uint64_t kind, const RateSubject& subject) {
  if (!subject.api_key.empty())
    return {kind | kByApiKey, Hash(subject.api_key), static_cast<std::uint64_t>(subject.user_id)};
  if (subject.user_id != 0) return {kind | kByUser, 0, static_cast<std::uint64_t>(subject.user_id)};
  RateKey key = AddressKey(subject.client);
  key.kind = kind;
  return key;
}

}  // namespace

RateKey AddressKey(const boost::asio::ip::address& client) {
  if (client.is_v4()) return {0, 4, client.to_v4().to_uint()};
  return {0, 6, BigEndian(client.to_v6().to_bytes().data())};
}

std::size_t RateLimiter::KeyHash::operator()(const RateKey& key) const {
  std::uint64_t hash = key.kind;
  for (const std::uint64_t part : {key.high, key.low}) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
    hash ^= hash >> 32U;
  }
  return hash;
}

RateBucket BucketOf(const RateLimits& limits, api::v1::RateClass rate_class, const RateSubject& subject) {
  switch (rate_class) {
    case api::v1::RATE_CLASS_NONE:
      return {};
    case api::v1::RATE_CLASS_LOGIN:
      return {KeyOf(1, {.client = subject.client}), limits.login};
    case api::v1::RATE_CLASS_NOTIFY:
      return {KeyOf(2, subject), limits.notify};
    case api::v1::RATE_CLASS_UPLOAD:
      return {KeyOf(3, subject), limits.upload};
    default:
      return {KeyOf(0, subject), subject.user_id != 0 ? limits.user : limits.anonymous};
  }
}

RateDecision DecisionOf(const RateBucket& bucket, bool allowed, nanoseconds used) {
  const nanoseconds each = bucket.each();
  const nanoseconds burst = each * bucket.limit;
  RateDecision decision{.allowed = allowed, .limit = bucket.limit};
  decision.remaining = std::max<std::int64_t>((burst - used) / each, 0);
  decision.reset = std::chrono::ceil<seconds>(used);
  if (!allowed) decision.retry_after = std::chrono::ceil<milliseconds>(used + each - burst);
  return decision;
}

RateDecision RateLimiter::Count(const RateBucket& bucket, Instant now) {
  if (bucket.limit <= 0) return {};
  const nanoseconds each = bucket.each();
  // The shard is chosen by other bits than the bucket within it.
  Shard& shard = shards_[(KeyHash()(bucket.key) >> 40U) % kShards];
  const std::lock_guard lock(shard.mutex);
  if (shard.used_until.size() >= kMostBuckets / kShards) {
    std::erase_if(shard.used_until, [&](const auto& kept) { return kept.second <= now; });
    if (shard.used_until.size() >= kMostBuckets / kShards) shard.used_until.clear();
  }
  Instant& used_until = shard.used_until.try_emplace(bucket.key, now).first->second;
  const nanoseconds used = std::max(used_until - now, nanoseconds(0));
  const bool allowed = used + each <= each * bucket.limit;
  if (allowed) used_until = now + used + each;
  return DecisionOf(bucket, allowed, allowed ? used + each : used);
}

}  // namespace papertape::gateway
