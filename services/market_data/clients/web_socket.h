// A WebSocket as its client (RFC 6455), over TLS with the peer verified, or in the clear on this machine alone. Text
// frames only; pings of the protocol are answered while reading. The address's query, which may carry a key, appears in
// no error. One thread reads and writes; Interrupt may come from any.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace papertape::market {

struct StreamAddress {
  bool encrypted = true;
  std::string host;
  std::string port;
  std::string path = "/";  // without a query
};
// "wss://host[:port][/path]"; ws:// is taken for 127.0.0.1, ::1 and localhost alone. The error says what is wrong
// without naming a setting.
absl::StatusOr<StreamAddress> ParseStreamAddress(std::string_view text);

class WebSocket {
 public:
  struct Options {
    StreamAddress address;
    std::string query;    // as it goes out, without '?'; never logged, in no error
    std::string ca_file;  // PEM; empty: the system's certificates
    std::size_t message_limit_bytes = std::size_t{1} << 20U;
  };
  explicit WebSocket(Options options);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  // Connects and shakes hands, once, within `time`. PROVIDER_REFUSED for 401 and 403, PROVIDER_UNAVAILABLE for any
  // other answer than 101, for a certificate that is not trusted, and when nobody answers.
  absl::Status Open(std::chrono::milliseconds time);
  absl::Status Send(std::string_view text, std::chrono::milliseconds time);
  // The next message. PROVIDER_UNAVAILABLE when none came in `time` or the connection has ended; it is of no use then.
  absl::StatusOr<std::string> Read(std::chrono::milliseconds time);
  // Ends what is under way and all that follows.
  void Interrupt();

 private:
  class Line;
  std::shared_ptr<Line> line_;
};

}  // namespace papertape::market
