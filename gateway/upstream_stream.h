// Keeps one server stream of a service open for the life of the process: a thread that reads it, and opens it again
// when it ends. Start and Stop are for the thread that owns it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "libs/rpc/channel.h"

namespace papertape::gateway {

class UpstreamStream {
 public:
  // Opens the stream with `context` and reads until it ends; calls `opened` once it has read something.
  using Read = std::function<grpc::Status(grpc::ClientContext& context, const std::function<void()>& opened)>;

  // `name` is for the log; `peer` must outlive the stream.
  UpstreamStream(std::string name, const rpc::Peer& peer, Read read);
  ~UpstreamStream();  // stops
  void Start();
  void Stop();

 private:
  void Run();
  bool Pause(std::chrono::milliseconds time);

  const std::string name_;
  const rpc::Peer& peer_;
  const Read read_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  grpc::ClientContext* context_ = nullptr;  // of the stream that is open
  std::thread thread_;
};

}  // namespace papertape::gateway
