#include "services/market_data/domain/quote_feed.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace papertape::market {

QuoteFeed::QuoteFeed(MarketTape& tape, QuoteBook& book, TickPublisher& publisher, Listener listener,
                     MarketClock& market)
    : tape_(tape), book_(book), publisher_(publisher), listener_(std::move(listener)), market_(market) {}

QuoteFeed::~QuoteFeed() { Stop(); }

std::size_t QuoteFeed::Step() {
  if (publisher_.IsBehind()) {
    // A session stands until every reader of the tape has what was told.
    publisher_.Publish(tape_.Beat());
    return 0;
  }
  std::size_t moved = 0;
  for (TapeTurn& turn : tape_.Poll()) {
    Move(turn);
    moved += turn.batch.quotes.size();
  }
  return moved;
}

void QuoteFeed::Move(TapeTurn& turn) {
  market_.Follow(turn.batch.moment.ClockMicros());
  std::vector<Slot> changed = book_.Turn(turn.batch.moment);
  for (const std::vector<Quote>* const quotes : {&turn.recalled, &turn.batch.quotes}) {
    if (quotes->empty()) continue;
    const std::vector<Slot> applied = book_.Apply(*quotes);
    if (changed.empty()) {
      changed = applied;
      continue;
    }
    std::vector<Slot> all;
    std::set_union(changed.begin(), changed.end(), applied.begin(), applied.end(), std::back_inserter(all));
    changed = std::move(all);
  }
  listener_(changed);
  publisher_.Publish(turn.batch);
}

void QuoteFeed::Start() {
  stopping_ = false;
  thread_ = std::thread([this] { Loop(); });
}

void QuoteFeed::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void QuoteFeed::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void QuoteFeed::Loop() {
  constexpr std::chrono::milliseconds kBehind{50};  // between two tries to tell what is kept
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Step();
    const auto wait = publisher_.IsBehind() ? kBehind : tape_.Rest();
    lock.lock();
    wake_.wait_for(lock, wait, [this] { return stopping_ || woken_; });
    woken_ = false;
  }
}

}  // namespace papertape::market
