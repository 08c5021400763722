// The newest quote of every instrument, in memory. The instruments are admitted at start, before anyone reads;
// each has a slot, a number that readers keep in place of the symbol. Quotes are of one session of the market: when
// that changes they are forgotten, and those of the live market are back when it is. Thread-safe: one writer at a time,
// any number of readers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/market_data/domain/quote.h"
#include "services/market_data/domain/tape_batch.h"

namespace papertape::market {

using Slot = std::size_t;

class QuoteBook {
 public:
  // `fresh` is the age at which a quote becomes stale, by `clock`, which is the market's.
  QuoteBook(std::chrono::milliseconds fresh, const Clock& clock);
  // Before anyone reads: the symbols, in the form of the catalogue.
  void Admit(const std::vector<std::string>& symbols);

  // The slot of a symbol in any spelling that NormalizeSymbol understands; nothing when there is no such instrument.
  [[nodiscard]] std::optional<Slot> Find(std::string_view symbol) const;
  [[nodiscard]] std::size_t size() const { return symbols_.size(); }

  // Takes over each quote unless the book has a newer one of that symbol and source; unknown symbols are passed over.
  // Who speaks for a symbol is decided before (LiveMarket), so another source's quote counts whatever its time.
  // The slots that changed, each once, ascending.
  std::vector<Slot> Apply(const std::vector<Quote>& quotes);

  // What follows is of that session, and its time is that. The slots whose quotes went or came back; none while the
  // session is the same.
  std::vector<Slot> Turn(const MarketMoment& moment);
  [[nodiscard]] MarketMoment moment() const;
  // The newest quotes of these slots, of those that have one, and the moment that they belong to.
  [[nodiscard]] TapeBatch Read(const std::vector<Slot>& slots) const;

  // Nothing before the first quote.
  [[nodiscard]] std::optional<Quote> Newest(Slot slot) const;
  // UNKNOWN_SYMBOL when there is no such instrument, QUOTE_STALE when it was never quoted; metadata `symbol`.
  [[nodiscard]] absl::StatusOr<Quote> Get(std::string_view symbol) const;
  [[nodiscard]] bool IsStale(const Quote& quote) const;
  // At least one quote is fresh.
  [[nodiscard]] bool AnyFresh() const;

 private:
  const std::chrono::milliseconds fresh_;
  const Clock& clock_;
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::vector<std::string> symbols_;
  std::unordered_map<std::string, Slot, TextHash, std::equal_to<>> slots_;
  std::vector<char> touched_;        // by slot; the writer's own
  mutable std::shared_mutex mutex_;  // guards what follows
  std::vector<std::optional<Quote>> newest_;
  std::vector<std::optional<Quote>> live_;  // kept aside in a session
  MarketMoment moment_;
};

// UNKNOWN_SYMBOL with metadata `symbol`.
absl::Status UnknownSymbol(std::string_view symbol);

}  // namespace papertape::market
