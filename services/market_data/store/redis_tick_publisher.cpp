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

void RedisTickPublisher::Publish(const TapeBatch& batch) {
  // Another session has begun: nobody waits for the rest of the one before.
  if (!kept_.empty() && kept_.front().moment.session != batch.moment.session) kept_.clear();
  while (!kept_.empty() && Send(kept_.front())) kept_.pop_front();
  const std::vector<Quote>& quotes = batch.quotes;
  if (quotes.size() <= kMostTicksAnEntry) return PublishEntry(batch);
  for (std::size_t next = 0; next < quotes.size(); next += kMostTicksAnEntry) {
    const std::size_t end = std::min(next + kMostTicksAnEntry, quotes.size());
    PublishEntry(
        {{quotes.begin() + static_cast<std::ptrdiff_t>(next), quotes.begin() + static_cast<std::ptrdiff_t>(end)},
         batch.moment});
  }
}

void RedisTickPublisher::PublishEntry(const TapeBatch& batch) {
  if (kept_.empty() && Send(batch)) return;
  if (batch.moment.session == 0) return observer_(0, batch.quotes.size());
  // A beat says nothing that a kept batch does not.
  if (kept_.empty() || !batch.quotes.empty()) kept_.push_back(batch);
}

bool RedisTickPublisher::Send(const TapeBatch& batch) {
  if (state_ == State::kAway && clock_.Steady() < retry_at_) return false;
  const absl::StatusOr<redis::Reply> reply =
      redis_.Script(kAppend, {kTickStream, kTickLease},
                    {options_.owner, std::to_string(options_.lease.count()), std::to_string(options_.entries_kept),
                     kTickField, serialize_(batch)});
  if (!reply.ok()) {
    retry_at_ = clock_.Steady() + options_.retry_in;
    Enter(State::kAway, MessageOf(reply.status()));
    return false;
  }
  const bool standing_by = reply->kind == redis::Reply::Kind::kNil;
  Enter(standing_by ? State::kStandingBy : State::kPublishing, {});
  observer_(standing_by ? 0 : batch.quotes.size(), 0);
  // The lease of a process that has died ends soon: a session waits for it.
  return !(standing_by && batch.moment.session != 0);
}

absl::StatusOr<MarketMoment> RedisTickPublisher::Told(const std::function<MarketMoment(const std::string&)>& read) {
  PT_ASSIGN_OR_RETURN(const redis::Reply newest, redis_.Run({"XREVRANGE", kTickStream, "+", "-", "COUNT", "1"}));
  if (newest.array.empty()) return MarketMoment();
  const redis::Reply& fields = newest.array.front().array.back();
  return fields.array.size() == 2 ? read(fields.array.back().text) : MarketMoment();
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
