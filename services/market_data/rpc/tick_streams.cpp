#include "services/market_data/rpc/tick_streams.h"

#include <deque>
#include <utility>

#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

absl::Status Stopping() { return Error(Reason::kUNAVAILABLE, "The service is stopping; connect again shortly."); }

}  // namespace

// gRPC calls the On... methods; OnDone is the last.
class TickStreams::Stream final : public TickReactor {
 public:
  using Batch = std::shared_ptr<const pb::TickBatch>;

  Stream(TickStreams& streams, std::shared_ptr<void> visit) : streams_(streams), visit_(std::move(visit)) {}

  void Send(const Batch& batch) {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    waiting_ticks_ += static_cast<std::size_t>(batch->subjects_size());
    if (waiting_ticks_ > streams_.behind_) {
      return EndLocked(Error(Reason::kOVERLOADED, "The reader is too far behind; read on from the stream `ticks`."));
    }
    waiting_.push_back(batch);
    if (waiting_.size() == 1) StartWrite(waiting_.front().get());
  }

  void End(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    EndLocked(status);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    waiting_ticks_ -= static_cast<std::size_t>(waiting_.front()->subjects_size());
    waiting_.pop_front();
    // A broken stream: OnCancel follows.
    if (ok && !finished_ && !waiting_.empty()) StartWrite(waiting_.front().get());
  }

  void OnCancel() override { End(Error(Reason::kCANCELLED)); }

  void OnDone() override {
    streams_.Forget(this);
    delete this;
  }

 private:
  void EndLocked(const absl::Status& status) {
    if (!std::exchange(finished_, true)) Finish(rpc::ToGrpc(status));
  }

  TickStreams& streams_;
  const std::shared_ptr<void> visit_;
  std::mutex mutex_;           // guards what follows
  std::deque<Batch> waiting_;  // the first is on its way
  std::size_t waiting_ticks_ = 0;
  bool finished_ = false;
};

TickReactor* TickStreams::Open(std::shared_ptr<void> visit) {
  const std::lock_guard lock(mutex_);
  if (hung_up_) return Refuse(Stopping());
  auto* stream = new Stream(*this, std::move(visit));
  streams_.insert(stream);
  return stream;
}

TickReactor* TickStreams::Refuse(const absl::Status& status) {
  class Refusal final : public TickReactor {
   public:
    explicit Refusal(const absl::Status& why) { Finish(rpc::ToGrpc(why)); }
    void OnDone() override { delete this; }
  };
  return new Refusal(status);
}

void TickStreams::Publish(const std::vector<Quote>& batch) {
  if (size() == 0) return;
  auto ticks = std::make_shared<pb::TickBatch>();
  columns_.Encode(batch, *ticks);
  const std::shared_ptr<const pb::TickBatch> shared = std::move(ticks);
  const std::lock_guard lock(mutex_);
  for (Stream* stream : streams_) stream->Send(shared);
}

void TickStreams::HangUp() {
  const std::lock_guard lock(mutex_);
  hung_up_ = true;
  for (Stream* stream : streams_) stream->End(Stopping());
}

std::size_t TickStreams::size() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void TickStreams::Forget(Stream* stream) {
  const std::lock_guard lock(mutex_);
  streams_.erase(stream);
}

}  // namespace papertape::market
