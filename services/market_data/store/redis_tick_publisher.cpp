#include "services/market_data/store/redis_tick_publisher.h"

#include <algorithm>
#include <utility>

#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

// An entry is read at once by whoever reads: it is to stay small.
constexpr std::size_t kMostTicksAnEntry = 8'192;

// KEYS: stream, lease. ARGV: owner, lease in ms, entries kept, field, batch. Nil when the lease is another's.
constexpr std::string_view kAppend = R"(
local owner = redis.call('GET', KEYS[2])
if owner and owner ~= ARGV[1] then return false end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', ARGV[4], ARGV[5])
)";

// KEYS: lease. ARGV: owner.
constexpr std::string_view kRelease = R"(
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
)";

}  // namespace

RedisTickPublisher::RedisTickPublisher(redis::Client& redis, Options options, Serialize serialize, Observer observer,
                                       const Clock& clock)
    : redis_(redis),
      options_(std::move(options)),
      serialize_(std::move(serialize)),
      observer_(std::move(observer)),
      clock_(clock) {}

void RedisTickPublisher::Publish(const std::vector<Quote>& batch) {
  if (batch.size() <= kMostTicksAnEntry) return PublishEntry(batch);
  for (std::size_t next = 0; next < batch.size(); next += kMostTicksAnEntry) {
    const std::size_t end = std::min(next + kMostTicksAnEntry, batch.size());
    PublishEntry({batch.begin() + static_cast<std::ptrdiff_t>(next), batch.begin() + static_cast<std::ptrdiff_t>(end)});
  }
}

void RedisTickPublisher::PublishEntry(const std::vector<Quote>& batch) {
  if (state_ == State::kAway && clock_.Steady() < retry_at_) {
    observer_(0, batch.size());
    return;
  }
  const absl::StatusOr<redis::Reply> reply =
      redis_.Script(kAppend, {kTickStream, kTickLease},
                    {options_.owner, std::to_string(options_.lease.count()), std::to_string(options_.entries_kept),
                     kTickField, serialize_(batch)});
  if (!reply.ok()) {
    retry_at_ = clock_.Steady() + options_.retry_in;
    Enter(State::kAway, MessageOf(reply.status()));
    observer_(0, batch.size());
  } else if (reply->kind == redis::Reply::Kind::kNil) {
    Enter(State::kStandingBy, {});
    observer_(0, 0);
  } else {
    Enter(State::kPublishing, {});
    observer_(batch.size(), 0);
  }
}

void RedisTickPublisher::Release() {
  const absl::Status released = redis_.Script(kRelease, {kTickLease}, {options_.owner}).status();
  if (!released.ok()) log::Warning("the lease of the ticks was not given back", {{"detail", MessageOf(released)}});
}

void RedisTickPublisher::Enter(State state, std::string_view detail) {
  if (std::exchange(state_, state) == state) return;
  switch (state) {
    case State::kPublishing:
      log::Info("publishing ticks", {{"stream", kTickStream}});
      break;
    case State::kStandingBy:
      log::Info("another process publishes the ticks; standing by", {{"lease", kTickLease}});
      break;
    case State::kAway:
      log::Warning("ticks are not published; quotes go on", {{"detail", detail}});
      break;
    case State::kUnknown:
      break;
  }
}

}  // namespace papertape::market
