// Calls to another service: a deadline on every one, the caller's credential passed on, bounded retries where the
// method is idempotent, and a circuit breaker. Thread-safe.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/rpc/breaker.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/status_wire.h"

namespace papertape::rpc {

struct PeerOptions {
  std::string name;                          // for logs and errors: "market_data"
  std::string address;                       // host:port or unix:/path
  std::string secret_key;                    // vouches for this process; SECRET_KEY
  std::chrono::milliseconds timeout{2'000};  // of a call, when the caller's deadline is further away
  int reply_bytes = 4 << 20;                 // largest reply that is taken
  std::size_t connections = 1;               // a connection's calls wait for each other's turn on one lock
};

// Before the process's first channel and thread: has gRPC look after channels without calls four times a second. It
// does so every five seconds otherwise, which is how long a peer that was restarted could stay unnoticed.
void TuneProcess();

// One other service. Reconnects by itself; retries UNAVAILABLE only where Ask is told that the call is idempotent.
class Peer {
 public:
  Peer(PeerOptions options, const Clock& clock);
  [[nodiscard]] const std::shared_ptr<grpc::Channel>& channel() const { return channels_.front(); }
  // One for each connection.
  [[nodiscard]] const std::vector<std::shared_ptr<grpc::Channel>>& channels() const { return channels_; }
  // Fills `context` with deadline, credentials and ids. `call` may be null: the process itself asks.
  void Prepare(grpc::ClientContext& context, const Call* call) const;

  // Blocks. `invoke(context, reply)` makes the call on a stub and answers its grpc::Status.
  template <class Reply, class Invoke>
  absl::StatusOr<Reply> Ask(const Call* call, Invoke invoke) {
    absl::Status last;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (absl::Status closed = breaker_.Allow(); !closed.ok()) return closed;
      grpc::ClientContext context;
      Prepare(context, call);
      Reply reply;
      const grpc::Status outcome = invoke(context, reply);
      breaker_.Record(IsOutage(outcome));
      last = FromGrpc(outcome);
      if (last.ok()) return reply;
      if (!absl::IsUnavailable(last)) return last;
    }
    return last;
  }

 private:
  static constexpr int kAttempts = 2;
  const PeerOptions options_;
  const std::string credential_;
  const Clock& clock_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  Breaker breaker_;
};

}  // namespace papertape::rpc
