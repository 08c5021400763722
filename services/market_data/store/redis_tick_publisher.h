// Publishes ticks to the Redis stream `ticks`: one entry a batch, the serialized TickBatch in the field
// `tape`.
//
// Only one process publishes at a time. Each batch is sent by a script that, in one step, checks the lease in the key
// `{ticks}:publisher`, renews it and appends: a process whose lease another one took cannot append a late batch.
// (The braces put both keys into one slot of a Redis cluster.) A lease that is not renewed runs out, and the next
// process that has a batch takes over. What Redis does not take of a session of the past is kept and sent before
// anything else: a session waits for its tape. Not thread-safe: one feed publishes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/redis/redis.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

inline constexpr char kTickStream[] = "ticks";
inline constexpr char kTickField[] = "tape";
inline constexpr char kTickLease[] = "{ticks}:publisher";

class RedisTickPublisher final : public TickPublisher {
 public:
  struct Options {
    std::string owner;                          // of the lease; unique among running processes
    std::chrono::milliseconds lease{2'000};     // longer than the time between two batches
    std::int64_t entries_kept = 100'000;        // about; older ones are trimmed
    std::chrono::milliseconds retry_in{1'000};  // how long to leave an unreachable Redis alone
  };
  using Serialize = std::function<std::string(const TapeBatch&)>;
  // Told after each batch: how many quotes were published, how many were dropped because Redis did not answer.
  using Observer = std::function<void(std::size_t published, std::size_t dropped)>;

  RedisTickPublisher(redis::Client& redis, Options options, Serialize serialize, Observer observer, const Clock& clock);

  // Drops a batch of the live market where Redis is away or another process has the lease; the log says so once, not at
  // every batch.
  void Publish(const TapeBatch& batch) override;
  [[nodiscard]] bool IsBehind() const override { return !kept_.empty(); }
  // What the stream says last, as `read` reads a batch; the live market where nobody has said anything.
  absl::StatusOr<MarketMoment> Told(const std::function<MarketMoment(const std::string&)>& read);
  // Gives the lease back, where this process has it, so that another need not wait for its end. After the last batch.
  void Release();

 private:
  enum class State { kUnknown, kPublishing, kStandingBy, kAway };
  void PublishEntry(const TapeBatch& batch);
  // False where Redis is away, or the lease another's in a session.
  bool Send(const TapeBatch& batch);
  void Enter(State state, std::string_view detail);

  redis::Client& redis_;
  const Options options_;
  const Serialize serialize_;
  const Observer observer_;
  const Clock& clock_;
  State state_ = State::kUnknown;
  Instant retry_at_;
  std::deque<TapeBatch> kept_;
};

}  // namespace papertape::market
