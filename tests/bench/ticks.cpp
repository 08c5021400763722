// What a tick costs among many open triggers: TriggerIndex beside its peers, and Book::Tick, the engine's whole path.
// usage: papertape-bench-ticks SECONDS     prints a line "name value" for each sample; ticks.py makes the report of
// them.
//
// Every trade has a stop and a target, so two triggers. `quiet` ticks fire nothing; `busy` ones walk at random, and a
// trade that fires is replaced by another, so that the population stays. Fails when the indexes do not agree about what
// fires.
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "libs/clock/fake_clock.h"
#include "libs/ids/ids.h"
#include "services/trade_engine/domain/book.h"
#include "services/trade_engine/domain/trigger_index.h"
#include "tests/bench/trigger_peers.h"

namespace papertape::bench {
namespace {

using trade_engine::Batch;
using trade_engine::Book;
using trade_engine::Quote;
using trade_engine::TriggerIndex;

constexpr SymbolId kSymbols = 5'000;
constexpr std::size_t kTrades = 500'000;
constexpr std::int64_t kStep = 10'000;  // one cent
constexpr std::size_t kIndexTicks = 2'000'000;
constexpr std::size_t kQuietTicks = 500'000;
constexpr std::size_t kBookTicks = 200'000;

struct Tick {
  SymbolId symbol;
  Price last;
};

struct Levels {
  Price falls_to;
  Price rises_to;
};

std::int64_t OpeningPrice(SymbolId symbol) { return (100 + symbol % 400) * kMicrosPerUnit; }

// Levels around `price`, some cents away at least and 5 % on average. The same for the same trade and generation.
Levels LevelsAround(std::int64_t price, Slot slot, std::uint32_t generation) {
  std::minstd_rand random(slot * 2'654'435'761U + generation * 40'503U + 1);
  std::exponential_distribution<double> distance(20.0 / static_cast<double>(price));
  const auto away = [&] { return (static_cast<std::int64_t>(distance(random)) / kStep + 4) * kStep; };
  const std::int64_t down = away();
  return {Price::FromMicros(std::max(price - down, kStep)), Price::FromMicros(price + away())};
}

// Prices of all symbols, walking by a cent at most.
class Walk {
 public:
  Walk() : prices_(kSymbols) {
    for (SymbolId symbol = 0; symbol < kSymbols; ++symbol) prices_[symbol] = OpeningPrice(symbol);
  }
  std::vector<Tick> Busy(std::size_t count) {
    std::vector<Tick> ticks(count);
    for (Tick& tick : ticks) {
      tick.symbol = static_cast<SymbolId>(random_() % kSymbols);
      std::int64_t& price = prices_[tick.symbol];
      price = std::max(price + (static_cast<std::int64_t>(random_() % 3) - 1) * kStep, 10 * kStep);
      tick.last = Price::FromMicros(price);
    }
    return ticks;
  }
  // Around the opening price, nearer than any level.
  std::vector<Tick> Quiet(std::size_t count) {
    std::vector<Tick> ticks(count);
    for (Tick& tick : ticks) {
      tick.symbol = static_cast<SymbolId>(random_() % kSymbols);
      const std::int64_t off = (static_cast<std::int64_t>(random_() % 3) - 1) * kStep;
      tick.last = Price::FromMicros(OpeningPrice(tick.symbol) + off);
    }
    return ticks;
  }

 private:
  std::mt19937 random_{20'261'120};
  std::vector<std::int64_t> prices_;
};

// A population of trades in one index.
template <class Index>
class Floor {
 public:
  explicit Floor(std::size_t trades)
      : generations_(trades), stride_(trades < kSymbols ? kSymbols / static_cast<SymbolId>(trades) : 1) {
    for (Slot slot = 0; slot < trades; ++slot) ArmAround(slot, OpeningPrice(SymbolOf(slot)));
  }

  // Ticks a second.
  double Run(const std::vector<Tick>& ticks) {
    const auto began = std::chrono::steady_clock::now();
    for (const Tick& tick : ticks) {
      index_.Cross(tick.symbol, tick.last, fired_);
      if (fired_.empty()) continue;
      for (const Slot slot : fired_) {
        fired_count_ += 1;
        fired_sum_ += slot * (generations_[slot] + 1ULL);
        ++generations_[slot];
        ArmAround(slot, tick.last.micros());
      }
      fired_.clear();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    return static_cast<double>(ticks.size()) / took.count();
  }

  [[nodiscard]] std::uint64_t fired() const { return fired_count_; }
  [[nodiscard]] std::uint64_t checksum() const { return fired_sum_; }

 private:
  void ArmAround(Slot slot, std::int64_t price) {
    const Levels levels = LevelsAround(price, slot, generations_[slot]);
    index_.Arm(SymbolOf(slot), slot, levels.falls_to, levels.rises_to);
  }
  // Over all symbols evenly.
  [[nodiscard]] SymbolId SymbolOf(Slot slot) const { return slot * stride_ % kSymbols; }

  Index index_;
  std::vector<std::uint32_t> generations_;
  const SymbolId stride_;
  std::vector<Slot> fired_;
  std::uint64_t fired_count_ = 0;
  std::uint64_t fired_sum_ = 0;
};

void Sample(const std::string& name, double value) { fmt::print("{} {:.6g}\n", name, value); }

[[noreturn]] void Fail(const std::string& why) {
  fmt::print(stderr, "ticks: {}\n", why);
  std::exit(1);
}

// Repeats `round` until `seconds` have passed, three times at least.
void Repeat(double seconds, const std::function<void()>& round) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (int rounds = 0; rounds < 3 || std::chrono::steady_clock::now() < end; ++rounds) round();
}

void MeasureBusy(double seconds, Walk& walk) {
  Floor<TriggerIndex> ours(kTrades);
  Floor<MultimapIndex> multimap(kTrades);
  Floor<ScanIndex> scan(kTrades);
  std::uint64_t ticks = 0;
  Repeat(seconds, [&] {
    const std::vector<Tick> block = walk.Busy(kIndexTicks);
    Sample("index", ours.Run(block));
    Sample("multimap", multimap.Run(block));
    Sample("scan", scan.Run(block));
    ticks += block.size();
    if (ours.checksum() != multimap.checksum() || ours.checksum() != scan.checksum()) Fail("the indexes disagree");
  });
  Sample("fired_pct", 100.0 * static_cast<double>(ours.fired()) / static_cast<double>(ticks));
}

void MeasureQuiet(double seconds, Walk& walk) {
  struct Size {
    std::string triggers;
    Floor<TriggerIndex> ours;
    Floor<ScanIndex> scan;
  };
  std::vector<Size> sizes;
  for (const std::size_t triggers : {1'000UL, 10'000UL, 100'000UL, 1'000'000UL}) {
    sizes.push_back({std::to_string(triggers), Floor<TriggerIndex>(triggers / 2), Floor<ScanIndex>(triggers / 2)});
  }
  Repeat(seconds, [&] {
    const std::vector<Tick> block = walk.Quiet(kQuietTicks);
    (void)sizes.front().scan.Run(block);  // brings the ticks into the cache, for all alike
    for (Size& size : sizes) Sample("quiet_" + size.triggers, size.ours.Run(block));
    for (Size& size : sizes) Sample("quiet_scan_" + size.triggers, size.scan.Run(block));
    for (const Size& size : sizes) {
      if (size.ours.fired() + size.scan.fired() != 0) Fail("a quiet tick fired");
    }
  });
}

Quote QuoteOf(const Tick& tick, Timestamp time) {
  return {.symbol = fmt::format("S{:04}", tick.symbol), .last = tick.last, .time = time, .source = "simulator"};
}

// The book with as many open trades, owned by a thousand accounts.
std::unique_ptr<Book> OpenBook(IdSource& ids, Timestamp now) {
  constexpr std::int64_t kAccounts = 1'000;
  const Money margin = Money::FromUnits(10);
  trade_engine::Snapshot snapshot;
  for (std::int64_t user = 1; user <= kAccounts; ++user) {
    const Money held = Money::FromMicros(margin.micros() * static_cast<std::int64_t>(kTrades) / kAccounts);
    snapshot.accounts.push_back({.user_id = user,
                                 .portfolio_id = ids.Next(),
                                 .deposit = Money::FromUnits(1'000'000),
                                 .available = Money::FromMicros(Money::FromUnits(1'000'000).micros() - held.micros()),
                                 .utilized = held,
                                 .created_at = now});
  }
  for (Slot slot = 0; slot < kTrades; ++slot) {
    const SymbolId symbol = slot % kSymbols;
    const Levels levels = LevelsAround(OpeningPrice(symbol), slot, 0);
    snapshot.active_trades.push_back({.user_id = 1 + slot % kAccounts,
                                      .trade_id = ids.Next(),
                                      .symbol = fmt::format("S{:04}", symbol),
                                      .quantity = Quantity::FromUnits(1),
                                      .entry_price = Price::FromMicros(OpeningPrice(symbol)),
                                      .stop_loss = levels.falls_to,
                                      .target_price = levels.rises_to,
                                      .margin_used = margin,
                                      .quote_source = "simulator",
                                      .quote_time = now,
                                      .created_at = now});
  }
  auto book = std::make_unique<Book>(trade_engine::BookOptions(), ids);
  book->Restore(snapshot, now);
  return book;
}

// Batches as the engine makes them: one for some hundred ticks.
double RunBook(Book& book, const std::vector<Quote>& quotes, Timestamp now, std::size_t& closed) {
  constexpr std::size_t kBatchTicks = 256;
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t next = 0; next < quotes.size();) {
    Batch batch;
    const std::size_t end = std::min(next + kBatchTicks, quotes.size());
    for (; next < end; ++next) book.Tick(quotes[next], now, batch);
    closed += batch.trades().changed().size();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return static_cast<double>(quotes.size()) / took.count();
}

void MeasureBook(double seconds, Walk& walk) {
  FakeClock clock;
  IdSource ids(clock, SeededRandom(1));
  const std::unique_ptr<Book> book = OpenBook(ids, clock.Now());
  const auto quotes = [&](const std::vector<Tick>& ticks) {
    std::vector<Quote> made;
    made.reserve(ticks.size());
    for (const Tick& tick : ticks) made.push_back(QuoteOf(tick, clock.Now()));
    return made;
  };
  std::size_t closed = 0;
  (void)RunBook(*book, quotes(walk.Quiet(kBookTicks)), clock.Now(), closed);  // now it knows every symbol
  Repeat(seconds, [&] {
    clock.Advance(std::chrono::seconds(1));
    Sample("book_quiet", RunBook(*book, quotes(walk.Quiet(kBookTicks)), clock.Now(), closed));
    if (closed != 0) Fail("a quiet tick closed a trade");
  });
  const std::size_t open = book->active_trades();
  Repeat(seconds, [&] {
    clock.Advance(std::chrono::seconds(1));
    Sample("book_busy", RunBook(*book, quotes(walk.Busy(kBookTicks)), clock.Now(), closed));
  });
  if (open - book->active_trades() != closed) Fail("the book's trades do not add up");
  Sample("book_closed", static_cast<double>(closed));
}

}  // namespace
}  // namespace papertape::bench

int main(int argc, char** argv) {
  using papertape::bench::Walk;
  const double seconds = (argc > 1 ? std::atof(argv[1]) : 20.0) / 4;
  Walk busy;
  papertape::bench::MeasureBusy(seconds, busy);
  Walk quiet;
  papertape::bench::MeasureQuiet(seconds, quiet);
  Walk book;
  papertape::bench::MeasureBook(seconds, book);
}
