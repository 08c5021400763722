// Redis without waiting: one connection on an io_context of the caller's. Commands leave in the order in which they are
// given and what gathers meanwhile leaves together. It connects by itself, again and again while Redis is away, when
// every command fails at once. All members are for the thread that runs the io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/redis/redis.h"

namespace papertape::redis {

struct AsyncOptions {
  std::string url;                        // as ClientOptions has it; the host may be a name, which is looked up once
  std::chrono::milliseconds timeout{50};  // until the answer to a command
};

class AsyncClient {
 public:
  // Called once, also within Run. UNAVAILABLE when Redis is away or does not answer in time: whether the command was
  // carried out is then not known.
  using Done = std::function<void(absl::StatusOr<Reply> reply)>;

  AsyncClient(AsyncOptions options, boost::asio::io_context& context);
  // Commands under way are dropped, not answered. Also while the io_context is not run any more.
  ~AsyncClient();
  AsyncClient(const AsyncClient&) = delete;
  AsyncClient& operator=(const AsyncClient&) = delete;

  void Run(const Command& command, Done done);

 private:
  class Line;
  std::shared_ptr<Line> line_;
};

}  // namespace papertape::redis
