// One connection to Redis. Not thread-safe; a client lends it to one thread at a time. Included by this library's .cpp
// files only.
#pragma once

#include <hiredis/hiredis.h>

#include <chrono>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/redis/address.h"
#include "libs/redis/redis.h"

namespace papertape::redis {

class Connection {
 public:
  // Connected, authenticated, and in the address's database.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Address& address, std::chrono::milliseconds timeout);

  // Sends all, then reads all answers, each awaited for `timeout` at most. When a command is refused the rest is still
  // read, and the first refusal is the answer.
  absl::StatusOr<std::vector<Reply>> Exchange(const std::vector<const Command*>& commands,
                                              std::chrono::milliseconds timeout);
  // False when an answer is still owed or will never come: the connection must be dropped.
  [[nodiscard]] bool usable() const { return usable_; }
  // True when the peer has closed it while it rested.
  [[nodiscard]] bool Stale() const;

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  explicit Connection(redisContext* context) : context_(context) {}
  absl::Status Enter(const Address& address, std::chrono::milliseconds timeout);
  absl::Status Send(const std::vector<const Command*>& commands, std::chrono::milliseconds timeout);
  absl::Status Broken();

  std::unique_ptr<redisContext, Free> context_;
  std::chrono::milliseconds timeout_{-1};
  bool usable_ = true;
};

}  // namespace papertape::redis
