// The connections to one service. A lane keeps to its own while the service is well. After an outage all are in doubt,
// each until it is seen to be ready again: every connection comes back in its own time, and a call takes one that has,
// in place of failing on one that has not. Thread-safe.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

namespace papertape::gateway {

class UpstreamLanes {
 public:
  using Stub = grpc::TemplatedGenericStub<google::protobuf::MessageLite, google::protobuf::MessageLite>;

  // One channel at least.
  explicit UpstreamLanes(const std::vector<std::shared_ptr<grpc::Channel>>& channels);
  // The connection of `lane`; while that is in doubt the next one that is not, if there is any.
  Stub& Of(std::size_t lane);
  // A call did not reach the service.
  void Doubt();

 private:
  struct Connection {
    explicit Connection(std::shared_ptr<grpc::Channel> to) : channel(std::move(to)), stub(channel) {}
    bool Usable();

    const std::shared_ptr<grpc::Channel> channel;
    Stub stub;
    std::atomic<bool> in_doubt{false};
  };

  std::deque<Connection> connections_;
};

}  // namespace papertape::gateway
