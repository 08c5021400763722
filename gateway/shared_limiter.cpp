#include "gateway/shared_limiter.h"

#include <openssl/sha.h>

#include <array>
#include <utility>

#include "fmt/format.h"
#include "libs/log/log.h"
#include "libs/redis/async_client.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

using std::chrono::microseconds;

// The generic cell rate algorithm over any number of buckets, one after another. A key holds the moment (Redis's clock,
// microseconds) until which its bucket is used up, and goes when that has passed. ARGV: for each key what a request
// uses, and what the bucket holds. Answers for each whether it may pass, and how much is used after it.
constexpr std::string_view kScript = R"(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answer = {}
for i, key in ipairs(KEYS) do
  local each, holds = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local used = math.max(tonumber(redis.call('GET', key) or now) - now, 0)
  local allowed = used + each <= holds
  if allowed then
    used = used + each
    redis.call('SET', key, string.format('%.0f', now + used), 'PX', math.ceil(used / 1000) + 1)
  end
  answer[2 * i - 1], answer[2 * i] = allowed and 1 or 0, used
end
return answer
)";

// Redis does nothing else while a script runs.
constexpr std::size_t kMostInOneCommand = 256;

std::string Sha1(std::string_view text) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

microseconds EachOf(const RateBucket& bucket) {
  return std::max(std::chrono::duration_cast<microseconds>(bucket.each()), microseconds(1));
}

}  // namespace

// What one I/O thread asks Redis. For its thread alone.
class SharedLimiter::Line {
 public:
  Line(SharedLimiter& limiter, IoThread& thread)
      : limiter_(limiter),
        thread_(thread),
        redis_({.url = limiter.options_.redis_url, .timeout = limiter.options_.redis_timeout}, thread.context()) {}

  void Count(const RateBucket& bucket, Done done) {
    gathered_.push_back({bucket, std::move(done)});
    if (gathered_.size() == kMostInOneCommand) return Send();
    // Sent when the loop has gone through what was ready: the others' requests among it come along.
    if (!std::exchange(posted_, true)) {
      thread_.Post([this] {
        posted_ = false;
        Send();
      });
    }
  }

 private:
  struct Ask {
    RateBucket bucket;
    Done done;
  };
  using Asks = std::shared_ptr<const std::vector<Ask>>;

  void Send() {
    if (gathered_.empty()) return;
    AskRedis(std::make_shared<const std::vector<Ask>>(std::exchange(gathered_, {})), "EVALSHA");
  }

  void AskRedis(const Asks& asks, std::string_view verb) {
    static const std::string kSha = Sha1(kScript);
    redis::Command command{std::string(verb), verb == "EVAL" ? std::string(kScript) : kSha,
                           std::to_string(asks->size())};
    command.reserve(3 + 3 * asks->size());
    for (const Ask& ask : *asks) {
      const RateKey& key = ask.bucket.key;
      command.push_back(fmt::format("limit:{}:{:x}:{:x}", key.kind, key.high, key.low));
    }
    for (const Ask& ask : *asks) {
      const microseconds each = EachOf(ask.bucket);
      command.push_back(std::to_string(each.count()));
      command.push_back(std::to_string(each.count() * ask.bucket.limit));
    }
    redis_.Run(command, [this, asks, verb](const absl::StatusOr<redis::Reply>& reply) {
      // A Redis that was started again has forgotten the script; EVAL makes it remember.
      if (!reply.ok() && verb == "EVALSHA" && MessageOf(reply.status()).starts_with("NOSCRIPT")) {
        return AskRedis(asks, "EVAL");
      }
      Answer(*asks, reply);
    });
  }

  void Answer(const std::vector<Ask>& asks, const absl::StatusOr<redis::Reply>& reply) {
    const bool counted = reply.ok() && reply->array.size() == 2 * asks.size();
    if (!reply.ok() && !absl::IsUnavailable(reply.status())) {
      log::Error("Redis does not run the script of the limits", {{"detail", MessageOf(reply.status())}});
    }
    limiter_.Note(!counted);
    const Instant now = thread_.Now();
    for (std::size_t i = 0; i < asks.size(); ++i) {
      if (counted) {
        asks[i].done(DecisionOf(asks[i].bucket, reply->array[2 * i].integer == 1,
                                microseconds(reply->array[2 * i + 1].integer)));
      } else {
        asks[i].done(limiter_.CountWithoutRedis(asks[i].bucket, now));
      }
    }
  }

  SharedLimiter& limiter_;
  IoThread& thread_;
  redis::AsyncClient redis_;
  bool posted_ = false;
  std::vector<Ask> gathered_;
};

SharedLimiter::SharedLimiter(Options options, IoThreads& threads) : options_(std::move(options)) {
  if (options_.redis_url.empty()) return;
  for (std::size_t i = 0; i < threads.size(); ++i) lines_.push_back(std::make_unique<Line>(*this, threads[i]));
}

SharedLimiter::~SharedLimiter() = default;

void SharedLimiter::Count(const RateBucket& bucket, IoThread& thread, Done done) {
  if (bucket.limit <= 0) return done(RateDecision());
  if (lines_.empty()) return done(memory_.Count(bucket, thread.Now()));
  lines_[thread.index()]->Count(bucket, std::move(done));
}

absl::StatusOr<RateDecision> SharedLimiter::CountWithoutRedis(const RateBucket& bucket, Instant now) {
  if (!options_.refuse_without_redis) return memory_.Count(bucket, now);
  return WithRetryAfter(Error(Reason::kUNAVAILABLE, "Requests cannot be counted now; try again shortly."), 1'000);
}

void SharedLimiter::Note(bool redis_is_away) {
  if (away_ == redis_is_away || away_.exchange(redis_is_away) == redis_is_away) return;
  if (!redis_is_away) return log::Info("limits are counted in Redis again");
  log::Warning("Redis is not available", {{"limits", options_.refuse_without_redis ? "refuse" : "counted in memory"}});
}

}  // namespace papertape::gateway
