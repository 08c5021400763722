#include "services/notification/rpc/feed_hub.h"

#include <algorithm>
#include <deque>

#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"

namespace papertape::notification {
namespace {

constexpr std::size_t kMostInBatch = 500;

absl::Status Stopping() { return WithRetryAfter(Error(Reason::kUNAVAILABLE), 1'000); }

}  // namespace

// One listener. The hub holds it until gRPC is done with it.
class FeedHub::Stream : public grpc::ServerWriteReactor<v1::FeedBatch> {
 public:
  Stream(FeedHub& hub, grpc::CallbackServerContext& context) : hub_(hub), context_(context) {}

  void Offer(const std::vector<SharedEntry>& entries) {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    waiting_.insert(waiting_.end(), entries.begin(), entries.end());
    if (waiting_.size() > hub_.most_waiting_) {
      FinishLocked(Error(Reason::kOVERLOADED));
      context_.TryCancel();  // or the end would wait behind the batch that the listener does not take
      return;
    }
    WriteLocked();
  }

  void End(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    FinishLocked(status);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) FinishLocked(Error(Reason::kCANCELLED));
    WriteLocked();
  }

  void OnCancel() override { End(Error(Reason::kCANCELLED)); }

  // Destroys this.
  void OnDone() override { hub_.Remove(this); }

 private:
  void WriteLocked() {
    if (writing_ || finished_ || waiting_.empty()) return;
    batch_.Clear();
    const std::size_t count = std::min(waiting_.size(), kMostInBatch);
    for (std::size_t i = 0; i < count; ++i) *batch_.add_entries() = *waiting_[i];
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    writing_ = true;
    StartWrite(&batch_);
  }

  void FinishLocked(const absl::Status& status) {
    if (finished_) return;
    finished_ = true;
    waiting_.clear();
    Finish(rpc::ToGrpc(status));
  }

  FeedHub& hub_;
  grpc::CallbackServerContext& context_;
  std::mutex mutex_;
  std::deque<SharedEntry> waiting_;
  v1::FeedBatch batch_;  // on its way while writing_
  bool writing_ = false;
  bool finished_ = false;
};

grpc::ServerWriteReactor<v1::FeedBatch>* FeedHub::Listen(grpc::CallbackServerContext& context) {
  auto stream = std::make_shared<Stream>(*this, context);
  const std::lock_guard lock(mutex_);
  streams_.push_back(stream);
  // Told at once, so that a gateway knows from when on it hears everything.
  stream->StartSendInitialMetadata();
  if (hung_up_) stream->End(Stopping());
  return stream.get();
}

void FeedHub::Publish(const std::vector<SharedEntry>& entries) {
  if (entries.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& stream : streams_) stream->Offer(entries);
}

void FeedHub::HangUp() {
  const std::lock_guard lock(mutex_);
  hung_up_ = true;
  for (const auto& stream : streams_) stream->End(Stopping());
}

std::size_t FeedHub::listeners() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void FeedHub::Remove(const Stream* stream) {
  std::shared_ptr<Stream> removed;  // destroyed after the lock is let go
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(streams_.begin(), streams_.end(), [&](const auto& held) { return held.get() == stream; });
  if (found == streams_.end()) return;
  removed = std::move(*found);
  streams_.erase(found);
}

}  // namespace papertape::notification
