#include "services/market_data/rpc/quote_streams.h"

#include <mutex>
#include <string>
#include <utility>

#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"
#include "services/market_data/domain/quote_selection.h"
#include "services/market_data/rpc/market_messages.h"

namespace papertape::market {
namespace {

std::vector<std::string> ToSymbols(const google::protobuf::RepeatedPtrField<std::string>& symbols) {
  return {symbols.begin(), symbols.end()};
}

}  // namespace

// gRPC calls the On... methods, one of each kind at a time; reads and writes overlap. A client that only closes its
// sending side goes on receiving.
class QuoteStreams::Stream final : public QuoteReactor {
 public:
  Stream(QuoteStreams& streams, const QuoteBook& book, std::shared_ptr<void> visit)
      : streams_(streams), book_(book), visit_(std::move(visit)), selection_(book) {}

  void Begin() {
    StartRead(&request_);
    Changed({});
  }

  void Changed(const std::vector<Slot>& slots) {
    const std::lock_guard lock(mutex_);
    selection_.Changed(slots);
    // A session's clock moves although none of these symbols does; the live market's readers have clocks of their own.
    const MarketMoment moment = book_.moment();
    beat_due_ = beat_due_ || moment.session != 0 || moment.session != told_session_;
    WriteDue();
  }

  void End(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(finished_, true)) return;
    Finish(rpc::ToGrpc(status));
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    selection_.Remove(ToSymbols(request_.remove()));
    selection_.Add(ToSymbols(request_.add()));
    WriteDue();
    StartRead(&request_);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (ok) WriteDue();  // otherwise the stream is broken and OnCancel follows
  }

  void OnCancel() override { End(Error(Reason::kCANCELLED)); }

  void OnDone() override {
    streams_.open_.Leave(this);
    delete this;
  }

 private:
  // Under the lock.
  void WriteDue() {
    if (writing_ || finished_ || !(selection_.AnyDue() || beat_due_)) return;
    batch_.Clear();
    const TapeBatch due = selection_.Take();
    for (const Quote& quote : due.quotes) Encode(quote, book_.IsStale(quote), *batch_.add_quotes());
    if (batch_.quotes().empty() && !beat_due_) return;
    batch_.set_session(due.moment.session);
    batch_.set_clock_micros(due.moment.ClockMicros());
    told_session_ = due.moment.session;
    beat_due_ = false;
    writing_ = true;
    StartWrite(&batch_);
  }

  QuoteStreams& streams_;
  const QuoteBook& book_;
  const std::shared_ptr<void> visit_;
  pb::StreamQuotesRequest request_;
  std::mutex mutex_;  // guards what follows
  QuoteSelection selection_;
  pb::QuoteBatch batch_;
  std::int64_t told_session_ = 0;
  bool beat_due_ = false;  // the session and its time, whether or not there are quotes
  bool writing_ = false;
  bool finished_ = false;
};

QuoteReactor* QuoteStreams::Open(std::shared_ptr<void> visit) {
  Stream* const stream = open_.Join([&] {
    auto* made = new Stream(*this, book_, std::move(visit));
    made->Begin();
    return made;
  });
  return stream != nullptr ? stream : Refuse(Stopping());
}

void QuoteStreams::Changed(const std::vector<Slot>& slots) {
  open_.Each([&](Stream& stream) { stream.Changed(slots); });
}

void QuoteStreams::HangUp() { open_.HangUp(); }

}  // namespace papertape::market
