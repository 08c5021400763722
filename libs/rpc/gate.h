// The gate: what every call passes on its way to a handler. It finds the method's declaration (papertape.api; a method
// without one is refused), verifies the caller, checks access, bounds the deadline, counts and logs the call.
// Handlers are sentences: handler(call, request, reply) -> absl::Status. `method` is the proto's full name,
// "package.Service.Method". A call is logged at debug, at info when it took longer than a second, at error when it
// failed by our fault. Thread-safe.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/auth/caller.h"
#include "libs/auth/token.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "libs/rpc/metrics.h"
#include "libs/rpc/worker_pool.h"

namespace papertape::rpc {

// One call, as a handler sees it.
struct Call {
  auth::Caller caller;
  Instant deadline;             // never further away than the call timeout
  std::string request_id;       // from `x-request-id`, made here when absent
  std::string traceparent;      // W3C, passed on
  std::string idempotency_key;  // from `idempotency-key`; empty when absent
  std::string client_address;   // IP address of the client at the edge; empty when nobody can say
  std::string fingerprint;      // of method and request (fingerprint.h), where there is a key
  std::string bearer;           // the caller's token, for calls made on the caller's behalf; never logged
  // Asks for an HTTP status other than the method's declared one (sent as initial metadata).
  std::function<void(int)> set_http_status;
};

class Gate {
 public:
  struct Options {
    std::string secret_key;  // SECRET_KEY, for calls between services
    std::chrono::milliseconds call_timeout{10'000};
    std::size_t worker_threads = 8;
    std::size_t worker_queue = 1024;
  };
  Gate(Options options, auth::TokenVerifier& verifier, const Clock& clock, Metrics& metrics);

  // A handler that waits (database, peer): runs on the worker pool; OVERLOADED when its queue is full.
  template <class Request, class Reply, class Handler>
  grpc::ServerUnaryReactor* Blocking(grpc::CallbackServerContext* context, const char* method, const Request* request,
                                     Reply* reply, Handler handler) {
    return BlockingOn(workers_, context, method, request, reply, std::move(handler));
  }

  // The same on a pool of the caller's own, which outlives the calls: slow work that must not keep others waiting.
  template <class Request, class Reply, class Handler>
  grpc::ServerUnaryReactor* BlockingOn(WorkerPool& pool, grpc::CallbackServerContext* context, const char* method,
                                       const Request* request, Reply* reply, Handler handler) {
    auto guard = Enter(context, method, request);
    auto* reactor = context->DefaultReactor();
    if (!guard.ok()) return Refuse(reactor, guard.status());
    std::shared_ptr<Visit> visit = *std::move(guard);
    const bool queued = pool.Submit([visit, reactor, request, reply, handler = std::move(handler)]() mutable {
      visit->Finish(reactor, visit->Expired() ? OutOfTime() : visit->Within([&] {
        return handler(visit->call(), *request, *reply);
      }));
    });
    if (!queued) visit->Finish(reactor, Overloaded());
    return reactor;
  }

  // A handler that only computes: runs on gRPC's own thread.
  template <class Request, class Reply, class Handler>
  grpc::ServerUnaryReactor* Inline(grpc::CallbackServerContext* context, const char* method, const Request* request,
                                   Reply* reply, Handler handler) {
    auto guard = Enter(context, method, request);
    auto* reactor = context->DefaultReactor();
    if (!guard.ok()) return Refuse(reactor, guard.status());
    Visit& visit = **guard;
    visit.Finish(reactor, visit.Within([&] { return handler(visit.call(), *request, *reply); }));
    return reactor;
  }

  // A handler that answers later, once, from any thread: handler(call, request, reply, done), done(absl::Status).
  template <class Request, class Reply, class Handler>
  grpc::ServerUnaryReactor* Async(grpc::CallbackServerContext* context, const char* method, const Request* request,
                                  Reply* reply, Handler handler) {
    auto guard = Enter(context, method, request);
    auto* reactor = context->DefaultReactor();
    if (!guard.ok()) return Refuse(reactor, guard.status());
    std::shared_ptr<Visit> visit = *std::move(guard);
    handler(visit->call(), *request, *reply,
            [visit, reactor](const absl::Status& status) { visit->Finish(reactor, status); });
    return reactor;
  }

  // Runs `task` on the worker pool, for a part of an Async handler that waits. False when the queue is full.
  bool Submit(std::function<void()> task) { return workers_.Submit(std::move(task)); }

  // One call between Enter and Finish.
  class Visit {
   public:
    virtual ~Visit() = default;
    virtual const Call& call() const = 0;
    // Runs `body` under the call's log scope.
    virtual absl::Status Within(const std::function<absl::Status()>& body) = 0;
    // Sends the status, counts and logs. Once.
    virtual void Finish(grpc::ServerUnaryReactor* reactor, const absl::Status& status) = 0;
    // The call's time is up: a queued handler need not begin.
    virtual bool Expired() const = 0;
  };

  // What a full queue answers.
  static absl::Status Overloaded();

  // For streams, which finish themselves and have no request at first: identity and access only.
  absl::StatusOr<std::shared_ptr<Visit>> Enter(grpc::CallbackServerContext* context, const char* method,
                                               const google::protobuf::Message* request = nullptr);

 private:
  static grpc::ServerUnaryReactor* Refuse(grpc::ServerUnaryReactor* reactor, const absl::Status& status);
  static absl::Status OutOfTime();
  absl::StatusOr<auth::Caller> Identify(const grpc::CallbackServerContext& context, Call& call) const;

  const Options options_;
  auth::TokenVerifier& verifier_;
  const Clock& clock_;
  Metrics& metrics_;
  const RandomBits random_ = SystemRandom();
  const std::string credential_;
  const std::string edge_credential_;
  const std::string fingerprint_key_;
  WorkerPool workers_;
};

}  // namespace papertape::rpc
