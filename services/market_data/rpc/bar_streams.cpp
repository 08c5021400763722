#include "services/market_data/rpc/bar_streams.h"

#include <map>
#include <mutex>
#include <utility>

#include "libs/rpc/proto_types.h"
#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

constexpr char kAll[] = "*";

void Encode(const LiveBar& bar, pb::LiveBar& out) {
  out.set_symbol(bar.symbol);
  out.set_interval(std::string(SpanName(bar.span)));
  rpc::Encode(bar.start, out.mutable_start());
  rpc::Encode(bar.open, out.mutable_open());
  rpc::Encode(bar.high, out.mutable_high());
  rpc::Encode(bar.low, out.mutable_low());
  rpc::Encode(bar.close, out.mutable_close());
  out.set_volume(bar.volume);
  out.set_ticks(bar.ticks);
  out.set_source(bar.source);
  out.set_finished(bar.finished);
  out.set_complete(bar.complete);
}

}  // namespace

absl::StatusOr<BarSelection> DecodeSelection(const pb::StreamBarsRequest& request) {
  BarSelection selection;
  Violations wrong;
  wrong.Check(!request.symbols().empty(), "symbols", "must name symbols, or `*`");
  for (const std::string& symbol : request.symbols()) {
    const std::string normal = NormalizeSymbol(symbol);
    if (symbol == kAll) {
      selection.every_symbol = true;
    } else if (wrong.Check(!normal.empty(), "symbols", "must be symbols, or `*`")) {
      selection.symbols.insert(normal);
    }
  }
  for (const std::string& interval : request.intervals()) {
    const std::optional<BarSpan> span = ParseSpan(interval);
    if (wrong.Check(span.has_value(), "intervals", "must be 1s, 5s, 1m, 5m, 15m, 30m, 1h, 1d or 1w")) {
      selection.spans[static_cast<std::size_t>(*span)] = true;
    }
  }
  if (request.intervals().empty()) selection.spans.fill(true);
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return selection;
}

// gRPC calls the On... methods; OnDone is the last.
class BarStreams::Stream final : public BarReactor {
 public:
  Stream(BarStreams& streams, std::shared_ptr<void> visit, BarSelection selection)
      : streams_(streams), visit_(std::move(visit)), selection_(std::move(selection)) {}

  void Send(const std::vector<LiveBar>& bars) {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    for (const LiveBar& bar : bars) {
      if (!selection_.Wants(bar)) continue;
      const std::pair key(bar.symbol, bar.span);
      if (!bar.finished) {
        growing_[key] = bar;
        continue;
      }
      done_.push_back(bar);
      // What was said of it while it grew is old now.
      const auto grown = growing_.find(key);
      if (grown != growing_.end() && grown->second.start <= bar.start) growing_.erase(grown);
    }
    if (done_.size() > kMostWaiting) {
      return EndLocked(Error(Reason::kOVERLOADED, "The reader is too far behind; the bars are recorded."));
    }
    WriteWaiting();
  }

  void End(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    EndLocked(status);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (ok) WriteWaiting();  // otherwise the stream is broken and OnCancel follows
  }

  void OnCancel() override { End(Error(Reason::kCANCELLED)); }

  void OnDone() override {
    streams_.open_.Leave(this);
    delete this;
  }

 private:
  // Both under the lock.
  void WriteWaiting() {
    if (writing_ || finished_ || (done_.empty() && growing_.empty())) return;
    batch_.Clear();
    for (const LiveBar& bar : std::exchange(done_, {})) Encode(bar, *batch_.add_bars());
    for (const auto& [key, bar] : std::exchange(growing_, {})) Encode(bar, *batch_.add_bars());
    writing_ = true;
    StartWrite(&batch_);
  }
  void EndLocked(const absl::Status& status) {
    if (!std::exchange(finished_, true)) Finish(rpc::ToGrpc(status));
  }

  BarStreams& streams_;
  const std::shared_ptr<void> visit_;
  const BarSelection selection_;
  std::mutex mutex_;  // guards what follows
  std::vector<LiveBar> done_;
  std::map<std::pair<std::string, BarSpan>, LiveBar> growing_;
  pb::BarBatch batch_;
  bool writing_ = false;
  bool finished_ = false;
};

BarReactor* BarStreams::Open(std::shared_ptr<void> visit, BarSelection selection) {
  Stream* const stream = open_.Join([&] { return new Stream(*this, std::move(visit), std::move(selection)); });
  return stream != nullptr ? stream : Refuse(Stopping());
}

void BarStreams::Publish(const std::vector<LiveBar>& bars) {
  open_.Each([&](Stream& stream) { stream.Send(bars); });
}

void BarStreams::HangUp() { open_.HangUp(); }

}  // namespace papertape::market
