#include "services/market_data/domain/quote_inbox.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace papertape::market {

void QuoteInbox::Put(std::vector<Quote> quotes) {
  const std::lock_guard lock(mutex_);
  quotes_.insert(quotes_.end(), std::make_move_iterator(quotes.begin()), std::make_move_iterator(quotes.end()));
  if (quotes_.size() > room_) Join();
}

std::vector<Quote> QuoteInbox::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(quotes_, {});
}

std::int64_t QuoteInbox::joined() const {
  const std::lock_guard lock(mutex_);
  return joined_;
}

void QuoteInbox::Join() {
  std::vector<Quote> kept;
  std::set<std::string_view> seen;
  std::for_each(quotes_.rbegin(), quotes_.rend(), [&](const Quote& quote) {
    if (!seen.insert(quote.symbol).second) return;
    kept.push_back(quote);
    kept.back().traded = false;
  });
  std::reverse(kept.begin(), kept.end());
  joined_ += static_cast<std::int64_t>(quotes_.size() - kept.size());
  quotes_ = std::move(kept);
}

}  // namespace papertape::market
