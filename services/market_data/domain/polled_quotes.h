// A provider that answers when it is asked, as a live source: asks it for the symbols that it can quote, some at a
// time, round and round, on a thread of its own. The provider's client keeps the pace.
//
// It speaks while it answers: what has not been answered for `silence` is dead, what it refuses is so at once. A price
// that stays the same is an answer. Quotes of it are samples, not trades.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "libs/clock/clock.h"
#include "services/market_data/domain/live_source.h"
#include "services/market_data/domain/provider.h"
#include "services/market_data/domain/quote_inbox.h"

namespace papertape::market {

class PolledQuotes final : public LiveSource {
 public:
  struct Options {
    std::vector<std::string> symbols;
    std::size_t at_once = 1;                       // symbols that one call asks for
    std::chrono::milliseconds every{1'000};        // between two calls, at least
    std::chrono::milliseconds call_within{5'000};  // the deadline of a call
    std::chrono::milliseconds silence{10'000};
  };
  // Told of each call's outcome, on the asking thread.
  using Observer = std::function<void(const absl::Status& outcome)>;

  // `hang_up` ends the provider's call that is under way, so that stopping need not wait for it.
  PolledQuotes(Options options, Provider& provider, std::function<void()> hang_up, Observer observer,
               const Clock& clock);
  ~PolledQuotes() override { Stop(); }

  [[nodiscard]] std::string_view name() const override { return provider_.name(); }
  [[nodiscard]] bool SpeaksFor(const std::string& symbol, Timestamp now) const override;
  [[nodiscard]] bool Covers(const std::string& symbol) const override;
  std::vector<Quote> Poll(Timestamp now) override;
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + std::chrono::milliseconds(20); }
  void Start() override;
  void Stop() override;

  // One call; how long to rest after it. What the thread does in a loop.
  std::chrono::milliseconds AskOnce();

 private:
  void Run();
  [[nodiscard]] std::vector<std::string> NextSymbols();

  const Options options_;
  Provider& provider_;
  const std::function<void()> hang_up_;
  const Observer observer_;
  const Clock& clock_;
  QuoteInbox inbox_;
  std::size_t next_ = 0;  // the asking thread's own
  int failures_ = 0;      // in a row; the asking thread's own
  std::thread thread_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool stopping_ = false;
  std::set<std::string> quoted_;  // it has a price of these
  Timestamp answered_at_;
};

}  // namespace papertape::market
