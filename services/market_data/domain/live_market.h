// Real prices where somebody has them, made-up ones where nobody does, and never both for one symbol at once.
//
// Sources stand in an order. For each symbol the first that speaks for it is heard, and nobody else; when it falls
// silent the next is heard within the time by which it must have spoken. The embedded market stands last: it is heard
// for the symbols that no provider speaks for, or not at all. At the start it waits for those that a provider covers: a
// restart must not put a made-up price between two real ones. Each quote says its source, so a change of speaker is
// seen in the next quote. What a source says that cannot be true goes to the quarantine and no further. Not
// thread-safe: one thread polls.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/market_data/domain/live_source.h"
#include "services/market_data/domain/quarantine.h"
#include "services/market_data/domain/tick_guard.h"

namespace papertape::market {

class LiveMarket final : public QuoteSource {
 public:
  // Another source begins to speak for a symbol; empty: nobody does.
  using Observer = std::function<void(const std::string& symbol, std::string_view from, std::string_view to)>;

  struct Options {
    TickGuard::Options guard = {};
    std::chrono::milliseconds patience{10'000};  // from the first poll on, with providers that have not spoken yet
  };
  // `embedded` may be null: then a symbol without a provider has no quotes. `quarantine` must not block.
  LiveMarket(Options options, std::vector<std::unique_ptr<LiveSource>> sources, std::unique_ptr<QuoteSource> embedded,
             std::vector<std::string> symbols, Quarantine& quarantine, Observer observer);
  ~LiveMarket() override;  // stops the sources

  std::vector<Quote> Poll(Timestamp now) override;
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override;

 private:
  struct Speaker {
    std::unique_ptr<LiveSource> source;
    TickGuard guard;
    std::unordered_map<std::string, Quote> newest;  // of what it said, to begin with when it is heard again
  };
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

  // Who is heard for each symbol from now on; the symbols for which that is a provider who was not heard before.
  std::vector<std::string> Choose(Timestamp now);
  void Hear(std::size_t number, Timestamp now, std::vector<Quote>& out, std::vector<Suspect>& suspects);
  void Recall(const std::string& symbol, std::vector<Quote>& out) const;
  [[nodiscard]] std::size_t SpeakerFor(const std::string& symbol, Timestamp now) const;
  [[nodiscard]] std::string_view NameOf(std::size_t speaker) const;

  const Options options_;
  std::vector<Speaker> speakers_;
  const std::unique_ptr<QuoteSource> embedded_;
  const std::vector<std::string> symbols_;
  Quarantine& quarantine_;
  const Observer observer_;
  std::optional<Timestamp> patient_until_;
  std::unordered_map<std::string, std::size_t> heard_;  // by symbol; speakers_.size() is the embedded market
};

}  // namespace papertape::market
