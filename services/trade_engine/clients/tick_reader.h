// Reads the Redis stream `ticks` and feeds who follows it from the position that the follower names, on a thread of its
// own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libs/redis/redis.h"
#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/trade_engine/domain/tick_sink.h"

namespace papertape::trade_engine {

class TickReader {
 public:
  // `before_catching_up` runs when the follower has gone back, before it is fed again: what it needs to know of the
  // time between. When it fails it is run again. May be empty.
  TickReader(redis::Client& redis, TickSink& sink, std::function<absl::Status()> before_catching_up = {})
      : redis_(redis), sink_(sink), before_catching_up_(std::move(before_catching_up)) {}
  ~TickReader() { Stop(); }
  void Start();
  void Stop();

 private:
  void Read();
  // Reads once and feeds; the cursor moves on. An error leaves it where it was.
  absl::Status Advance(TickCursor& cursor);
  absl::Status ReadTicks(const redis::StreamEntry& entry, TickEntry& out);
  absl::StatusOr<std::string> NewestPosition();
  bool WaitAfterError(const absl::Status& error);

  redis::Client& redis_;
  TickSink& sink_;
  const std::function<absl::Status()> before_catching_up_;
  market_data::v1::TickBatch tape_;  // kept from entry to entry, for its memory
  std::uint64_t prepared_ = 0;       // the epoch that `before_catching_up_` has run for
  std::uint64_t caught_up_ = 0;      // the epoch whose waiting ticks have all been fed
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool failing_ = false;  // said once, until it works again
  std::thread thread_;
};

}  // namespace papertape::trade_engine
