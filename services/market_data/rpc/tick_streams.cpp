#include "services/market_data/rpc/tick_streams.h"

#include <deque>
#include <mutex>
#include <utility>

#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"

namespace papertape::market {

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
    streams_.open_.Leave(this);
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
  Stream* const stream = open_.Join([&] { return new Stream(*this, std::move(visit)); });
  return stream != nullptr ? stream : Refuse(Stopping());
}

void TickStreams::Publish(const TapeBatch& batch) {
  if (size() == 0) return;
  auto ticks = std::make_shared<pb::TickBatch>();
  columns_.Encode(batch, *ticks);
  const std::shared_ptr<const pb::TickBatch> shared = std::move(ticks);
  open_.Each([&](Stream& stream) { stream.Send(shared); });
}

void TickStreams::HangUp() { open_.HangUp(); }

}  // namespace papertape::market
