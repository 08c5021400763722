#include "gateway/upstream_stream.h"

#include <algorithm>
#include <utility>

#include "libs/log/log.h"

namespace papertape::gateway {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{1'000};

}  // namespace

UpstreamStream::UpstreamStream(std::string name, const rpc::Peer& peer, Read read)
    : name_(std::move(name)), peer_(peer), read_(std::move(read)) {}

UpstreamStream::~UpstreamStream() { Stop(); }

void UpstreamStream::Start() {
  thread_ = std::thread([this] { Run(); });
}

void UpstreamStream::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// False when it is time to stop.
bool UpstreamStream::Pause(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return stopping_; });
}

void UpstreamStream::Run() {
  milliseconds pause = kFirstPause;
  bool open = false;
  while (true) {
    grpc::ClientContext context;
    peer_.Prepare(context, nullptr);
    context.set_deadline(std::chrono::system_clock::time_point::max());  // it is meant to last
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      context_ = &context;
    }
    const grpc::Status ended = read_(context, [&] {
      if (!open) log::Info("stream is open", {{"stream", name_}});
      open = true;
      pause = kFirstPause;
    });
    {
      const std::lock_guard lock(mutex_);
      context_ = nullptr;
      if (stopping_) return;
    }
    if (std::exchange(open, false)) log::Warning("stream has ended", {{"stream", name_}, {"code", ended.error_code()}});
    if (!Pause(pause)) return;
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace papertape::gateway
