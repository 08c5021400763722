#include "services/market_data/domain/quote_feed.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "libs/clock/fake_clock.h"
#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using std::chrono::milliseconds;
using testing::AQuote;
using testing::Dollars;

// Answers the scripted batches, one a poll.
class ScriptedSource : public QuoteSource {
 public:
  std::deque<std::vector<Quote>> batches;
  std::vector<Quote> Poll(Timestamp) override {
    if (batches.empty()) return {};
    std::vector<Quote> batch = batches.front();
    batches.pop_front();
    return batch;
  }
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + milliseconds(1); }
};

class RecordingPublisher : public TickPublisher {
 public:
  void Publish(const TapeBatch& batch) override {
    const std::lock_guard lock(mutex_);
    published_.push_back(batch.quotes);
    told_.notify_all();
  }
  // Waits, with a deadline, until that many batches were published.
  bool WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    return told_.wait_for(lock, std::chrono::seconds(10), [&] { return published_.size() >= count; });
  }
  [[nodiscard]] const std::vector<std::vector<Quote>>& published() const { return published_; }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<std::vector<Quote>> published_;
};

struct AFeed {
  FakeClock clock;
  ScriptedSource source;
  QuoteBook book{milliseconds(5'000), clock};
  RecordingPublisher publisher;
  std::vector<std::vector<Slot>> heard;
  MarketClock market{clock};
  MarketTape tape{clock};
  QuoteFeed feed{tape, book, publisher, [this](const std::vector<Slot>& slots) { heard.push_back(slots); }, market};
  AFeed() {
    book.Admit({"AAPL", "MSFT"});
    tape.Hear(source);
  }
};

TEST_CASE_METHOD(AFeed, "a step puts quotes into the book, tells the listener and publishes the same batch") {
  const std::vector<Quote> batch{AQuote("MSFT", 28.8, clock.Now()), AQuote("AAPL", 200, clock.Now())};
  source.batches = {batch};
  CHECK(feed.Step() == 2);
  CHECK(book.Get("AAPL")->price == Dollars(200));
  CHECK(heard == std::vector<std::vector<Slot>>{{0, 1}});
  CHECK(publisher.published() == std::vector<std::vector<Quote>>{batch});
}

TEST_CASE_METHOD(AFeed, "a step without news says nothing") {
  CHECK(feed.Step() == 0);
  CHECK(heard.empty());
  CHECK(publisher.published().empty());
}

TEST_CASE_METHOD(AFeed, "a started feed moves batch after batch until it is stopped") {
  source.batches = {{AQuote("AAPL", 200, clock.Now())}, {AQuote("AAPL", 201, clock.Now())}};
  feed.Start();
  CHECK(publisher.WaitFor(2));
  feed.Stop();
  CHECK(book.Get("AAPL")->price == Dollars(201));
}

}  // namespace
}  // namespace papertape::market
