// The one way out to a provider over HTTP: paced, retried within bounds, behind a circuit breaker, counted. No error
// and no log line holds more of a request than its path. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/http/call_metrics.h"
#include "libs/http/exchange.h"
#include "libs/http/message.h"
#include "libs/http/pace.h"
#include "libs/ids/ids.h"
#include "libs/rpc/breaker.h"
#include "libs/rpc/metrics.h"
#include "libs/status/status.h"

namespace papertape::http {

struct ClientOptions {
  std::string name;  // of the provider, in errors, logs and metrics
  BaseUrl base;
  std::string ca_file;        // PEM; empty: the system's certificates
  std::vector<Limit> limits;  // all of them hold
  std::string user_agent = "papertape";
  std::size_t body_limit_bytes = std::size_t{16} << 20U;
  int tries = 3;  // of a repeatable request, the first included
  // Whether an answer says that there were too many requests; by default 429 does. Such answers are tried again later.
  std::function<bool(const Response&)> is_busy;
};

class Client {
 public:
  // Waits until `until` passes or something wakes it; for tests. By default on a condition that HangUp wakes.
  using Wait = std::function<void(Instant until)>;

  Client(ClientOptions options, const Clock& clock, RandomBits random, rpc::Metrics& metrics, Wait wait = {});

  // The answer with any status below 500 that is neither a redirect nor `is_busy`; what 4xx means is the caller's to
  // say. Blocks until `deadline` at most: a turn that comes later is not waited for. Errors, with metadata `provider`:
  // PROVIDER_UNAVAILABLE (with retry_after where it is known), PROVIDER_MALFORMED (a redirect, or a body past the
  // limit). Tried again, as often as `tries` says and the deadline allows: too many requests (after Retry-After, or the
  // pace's own distance, which all callers then keep), 5xx and broken connections (after a quarter of a second, twice
  // as long each time, with jitter).
  absl::StatusOr<Response> Get(const Request& request, Instant deadline) { return Call("GET", request, deadline); }
  absl::StatusOr<Response> Post(const Request& request, Instant deadline) { return Call("POST", request, deadline); }

  // What asks for the rest of an answer: path and query of `url`, at this provider's own address whatever host the URL
  // names, for no key goes where an answer points. Nothing for what is no URL.
  [[nodiscard]] std::optional<Request> Follow(std::string_view url) const;

  // Ends all waiting, for turns and for answers; those calls and later ones answer PROVIDER_UNAVAILABLE.
  void HangUp();

  [[nodiscard]] const std::string& name() const { return options_.name; }
  [[nodiscard]] rpc::Breaker::State breaker() const { return breaker_.state(); }

 private:
  struct Verdict;
  absl::StatusOr<Response> Call(std::string_view verb, const Request& request, Instant deadline);
  // OK when the request may go out now.
  absl::Status AwaitTurn(Instant deadline);
  Verdict Try(std::string_view verb, const Request& request, int attempt, Instant deadline);
  Verdict Judge(Response response, int attempt);
  void WaitUntil(Instant until);
  std::chrono::milliseconds Jittered(std::chrono::milliseconds base, int attempt);
  [[nodiscard]] absl::Status Away(std::string_view what, std::chrono::milliseconds retry_after) const;

  const ClientOptions options_;
  const Clock& clock_;
  RandomBits random_;
  const Wait wait_;
  CallMetrics metrics_;
  Pace pace_;
  rpc::Breaker breaker_;
  Exchanger exchanger_;
  std::mutex mutex_;  // of what follows, and of random_
  std::condition_variable woken_;
  bool hung_up_ = false;
};

}  // namespace papertape::http
