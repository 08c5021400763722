// What all endless streams have in common: they are many, each deletes itself when gRPC is done with it, and a service
// that stops hangs up on all of them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <mutex>
#include <set>

#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"

namespace papertape::market {

// What a stream is ended with, or refused with, by a service that stops.
inline absl::Status Stopping() {
  return Error(Reason::kUNAVAILABLE, "The service is stopping; connect again shortly.");
}

// A stream that answers `status` and nothing else; it deletes itself.
template <class Reactor>
Reactor* RefuseStream(const absl::Status& status) {
  class Refusal final : public Reactor {
   public:
    explicit Refusal(const absl::Status& why) { this->Finish(rpc::ToGrpc(why)); }
    void OnDone() override { delete this; }
  };
  return new Refusal(status);
}

// The open streams of one kind. A Stream has End(status), and calls Leave when gRPC is done with it. The lock here is
// taken before a stream's own. Thread-safe.
template <class Stream>
class OpenStreams {
 public:
  // Takes in the stream that `make` makes, under the lock; null, and none is made, once hung up.
  template <class Make>
  Stream* Join(const Make& make) {
    const std::lock_guard lock(mutex_);
    if (hung_up_) return nullptr;
    Stream* const stream = make();
    streams_.insert(stream);
    return stream;
  }
  void Leave(Stream* stream) {
    const std::lock_guard lock(mutex_);
    streams_.erase(stream);
  }
  template <class Visit>
  void Each(const Visit& visit) {
    const std::lock_guard lock(mutex_);
    for (Stream* stream : streams_) visit(*stream);
  }
  // Ends every stream with UNAVAILABLE; none joins from now on.
  void HangUp() {
    const std::lock_guard lock(mutex_);
    hung_up_ = true;
    for (Stream* stream : streams_) stream->End(Stopping());
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return streams_.size();
  }

 private:
  mutable std::mutex mutex_;  // guards what follows
  std::set<Stream*> streams_;
  bool hung_up_ = false;
};

}  // namespace papertape::market
