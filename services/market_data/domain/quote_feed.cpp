#include "services/market_data/domain/quote_feed.h"

#include <utility>

namespace papertape::market {

QuoteFeed::QuoteFeed(QuoteSource& source, QuoteBook& book, TickPublisher& publisher, Listener listener,
                     const Clock& clock)
    : source_(source), book_(book), publisher_(publisher), listener_(std::move(listener)), clock_(clock) {}

QuoteFeed::~QuoteFeed() { Stop(); }

std::size_t QuoteFeed::Step() {
  const std::vector<Quote> quotes = source_.Poll(clock_.Now());
  if (quotes.empty()) return 0;
  listener_(book_.Apply(quotes));
  publisher_.Publish(quotes);
  return quotes.size();
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

void QuoteFeed::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Step();
    const Timestamp now = clock_.Now();
    const auto wait = source_.NextAt(now) - now;
    lock.lock();
    wake_.wait_for(lock, wait, [this] { return stopping_; });
  }
}

}  // namespace papertape::market
