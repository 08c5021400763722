// Moves quotes: polls the tape, turns the market's clock, puts what is new into the book, tells the streams, publishes
// the ticks.
//
// The book and the streams come first: a hanging Redis may hold up the next batch for the publisher's timeout, but
// never the quote at hand. A quote is nobody's private fact, so nothing has to be durable before it is shown.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "libs/clock/market_clock.h"
#include "services/market_data/domain/market_tape.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/quote_book.h"

namespace papertape::market {

class QuoteFeed {
 public:
  // Called with the slots that changed, on the feed's thread; must not block.
  using Listener = std::function<void(const std::vector<Slot>&)>;

  // `market` is the clock that the tape turns.
  QuoteFeed(MarketTape& tape, QuoteBook& book, TickPublisher& publisher, Listener listener, MarketClock& market);
  ~QuoteFeed();  // stops
  QuoteFeed(const QuoteFeed&) = delete;
  QuoteFeed& operator=(const QuoteFeed&) = delete;

  // One turn, now; the number of quotes moved. What the thread does in a loop; not together with Start.
  std::size_t Step();
  void Start();
  void Stop();
  // The tape has news earlier than it said.
  void Wake();

 private:
  void Loop();
  void Move(TapeTurn& turn);

  MarketTape& tape_;
  QuoteBook& book_;
  TickPublisher& publisher_;
  const Listener listener_;
  MarketClock& market_;
  std::mutex mutex_;  // guards stopping_ and woken_
  std::condition_variable wake_;
  bool stopping_ = false;
  bool woken_ = false;
  std::thread thread_;
};

}  // namespace papertape::market
