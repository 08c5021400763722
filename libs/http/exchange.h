// One request and its answer over the wire (cpp-httplib, OpenSSL), with a limit of time that holds for all of it: the
// look-up of the name, the handshakes, and a body that trickles. Redirects are not followed, certificates are verified,
// connections are kept for the next request. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "libs/http/message.h"
#include "libs/http/url.h"

namespace papertape::http {

enum class Fault {
  kUnreachable,  // no connection, or it broke before the answer was whole
  kUntrusted,    // no certificate that the CA file vouches for
  kTooSlow,      // no whole answer in time
  kTooLarge      // a body past the limit
};
std::string_view FaultText(Fault fault);  // "cannot be reached", ...

struct ExchangeOptions {
  BaseUrl base;
  std::string ca_file;  // PEM; empty: the system's
  std::string user_agent;
  std::size_t body_limit_bytes = 0;
};

class Exchanger {
 public:
  explicit Exchanger(ExchangeOptions options);
  // Ends what is still on its way.
  ~Exchanger();
  Exchanger(const Exchanger&) = delete;
  Exchanger& operator=(const Exchanger&) = delete;

  // From any thread: what is on its way ends as kUnreachable, and so does whatever comes later.
  void HangUp();
  // Blocks for `time` at most. `verb` is GET or POST.
  std::variant<Response, Fault> Exchange(std::string_view verb, const Request& request, std::chrono::milliseconds time);

 private:
  class Line;  // a connection
  class Trip;  // an exchange on its thread
  struct Rest;

  const ExchangeOptions options_;
  std::unique_ptr<Rest> rest_;
};

}  // namespace papertape::http
