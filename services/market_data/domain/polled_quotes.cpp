#include "services/market_data/domain/polled_quotes.h"

#include <algorithm>
#include <utility>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::size_t kRoom = 10'000;
constexpr int kMostDoublings = 4;

}  // namespace

PolledQuotes::PolledQuotes(Options options, Provider& provider, std::function<void()> hang_up, Observer observer,
                           const Clock& clock)
    : options_(std::move(options)),
      provider_(provider),
      hang_up_(std::move(hang_up)),
      observer_(std::move(observer)),
      clock_(clock),
      inbox_(kRoom) {}

bool PolledQuotes::SpeaksFor(const std::string& symbol, Timestamp now) const {
  const std::lock_guard lock(mutex_);
  return quoted_.contains(symbol) && now - answered_at_ < options_.silence;
}

bool PolledQuotes::Covers(const std::string& symbol) const {
  return std::find(options_.symbols.begin(), options_.symbols.end(), symbol) != options_.symbols.end();
}

std::vector<Quote> PolledQuotes::Poll(Timestamp /*now*/) { return inbox_.Take(); }

void PolledQuotes::Start() {
  if (!options_.symbols.empty()) thread_ = std::thread([this] { Run(); });
}

void PolledQuotes::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  hang_up_();
  if (thread_.joinable()) thread_.join();
}

void PolledQuotes::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const std::chrono::milliseconds rest = AskOnce();
    lock.lock();
    wake_.wait_for(lock, rest, [this] { return stopping_; });
  }
}

std::vector<std::string> PolledQuotes::NextSymbols() {
  const std::size_t count = std::min(options_.at_once, options_.symbols.size());
  std::vector<std::string> symbols;
  for (std::size_t i = 0; i < count; ++i) symbols.push_back(options_.symbols[(next_ + i) % options_.symbols.size()]);
  next_ = (next_ + count) % options_.symbols.size();
  return symbols;
}

std::chrono::milliseconds PolledQuotes::AskOnce() {
  const std::vector<std::string> symbols = NextSymbols();
  absl::StatusOr<std::vector<Quote>> quotes = provider_.Quotes(symbols, clock_.Steady() + options_.call_within);
  observer_(quotes.status());
  const Reason reason = quotes.ok() ? Reason::kNOT_FOUND : ReasonOf(quotes.status());
  const std::lock_guard lock(mutex_);
  if (quotes.ok() || reason == Reason::kUNKNOWN_SYMBOL) {
    failures_ = 0;
    answered_at_ = clock_.Now();
    for (const std::string& symbol : symbols) quoted_.erase(symbol);
    if (!quotes.ok()) return options_.every;
    for (Quote& quote : *quotes) {
      quote.traded = false;
      quoted_.insert(quote.symbol);
    }
    inbox_.Put(*std::move(quotes));
    return options_.every;
  }
  if (reason == Reason::kPROVIDER_REFUSED) answered_at_ = Timestamp();
  failures_ = std::min(failures_ + 1, kMostDoublings);
  return options_.every * (1 << failures_);
}

}  // namespace papertape::market
