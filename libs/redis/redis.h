// Redis: a bounded pool of connections, pipelines, streams and scripts. hiredis stays behind this library. Thread-safe.
// A process with a Client ignores SIGPIPE: hiredis would die of a peer that has gone.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace papertape::redis {

// What Redis answered: one of nil, integer, text (strings and simple strings) or array. Errors are statuses.
struct Reply {
  enum class Kind { kNil, kInteger, kText, kArray } kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;
  std::vector<Reply> array;
};

using Command = std::vector<std::string>;

// One entry of a stream.
struct StreamEntry {
  std::string id;  // "<ms>-<n>"
  std::vector<std::pair<std::string, std::string>> fields;
  // Null when the entry has no such field.
  [[nodiscard]] const std::string* Find(std::string_view name) const;
};

struct ClientOptions {
  std::string url;  // redis://[[user]:password@]host[:port][/db] or unix:///path[?db=n]
  std::size_t connections = 8;
  std::chrono::milliseconds timeout{2'000};  // to connect, and for each answer beyond a blocking read's own wait
};

class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // UNAVAILABLE when Redis cannot be reached or no connection is free in time; INTERNAL with Redis's own words
  // otherwise. A command whose connection breaks before the answer is not sent again.
  absl::StatusOr<Reply> Run(const Command& command);
  // A command that itself waits on the server for up to `wait`; it holds a connection of the pool meanwhile.
  absl::StatusOr<Reply> RunBlocking(const Command& command, std::chrono::milliseconds wait);
  // All commands in one write, all answers in order. One refused command fails the whole call.
  absl::StatusOr<std::vector<Reply>> Pipeline(const std::vector<Command>& commands);
  // EVALSHA with the EVAL fallback.
  absl::StatusOr<Reply> Script(std::string_view lua, const std::vector<std::string>& keys,
                               const std::vector<std::string>& args);
  // Entries after `after` ("0-0": all; "$": only new ones), at most `count`, waiting up to `block` for the first; empty
  // when none came.
  absl::StatusOr<std::vector<StreamEntry>> ReadStream(std::string_view stream, std::string_view after,
                                                      std::size_t count, std::chrono::milliseconds block);
  absl::Status Ping();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Entries of an XREAD, XREADGROUP, XRANGE or XAUTOCLAIM answer's list.
std::vector<StreamEntry> ParseEntries(const Reply& entries);

}  // namespace papertape::redis
