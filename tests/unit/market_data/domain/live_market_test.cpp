#include "services/market_data/domain/live_market.h"

#include <chrono>
#include <map>
#include <set>

#include "libs/clock/fake_clock.h"
#include "libs/status/status.h"
#include "services/market_data/domain/polled_quotes.h"
#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using testing::AQuote;
using testing::At;
using testing::Dollars;

const Timestamp kNow = At("2026-11-20T15:00:00Z");

// Says what the test puts into it, in its own name.
class ScriptedLive final : public LiveSource {
 public:
  explicit ScriptedLive(std::string name) : name_(std::move(name)) {}
  std::set<std::string> speaks_for;
  std::set<std::string> covers;
  std::vector<Quote> next;
  bool* running = nullptr;

  void Say(const std::string& symbol, double price, Timestamp time) {
    next.push_back(AQuote(symbol, price, time));
    next.back().source = name_;
    speaks_for.insert(symbol);
  }
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool SpeaksFor(const std::string& symbol, Timestamp) const override {
    return speaks_for.contains(symbol);
  }
  [[nodiscard]] bool Covers(const std::string& symbol) const override { return covers.contains(symbol); }
  std::vector<Quote> Poll(Timestamp) override { return std::exchange(next, {}); }
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + 1ms; }
  void Start() override {
    if (running != nullptr) *running = true;
  }
  void Stop() override {
    if (running != nullptr) *running = false;
  }

 private:
  const std::string name_;
};

// A quote of every symbol at every poll.
class EmbeddedMarket final : public QuoteSource {
 public:
  std::vector<Quote> Poll(Timestamp now) override {
    std::vector<Quote> quotes{AQuote("AAPL", 223, now), AQuote("^NSEI", 25'000, now)};
    for (Quote& quote : quotes) quote.source = kSimulatorSource;
    return quotes;
  }
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + 250ms; }
};

class CountingQuarantine final : public Quarantine {
 public:
  std::vector<Suspect> suspects;
  absl::Status Add(const std::vector<Suspect>& added) override {
    suspects.insert(suspects.end(), added.begin(), added.end());
    return absl::OkStatus();
  }
};

struct AMarket {
  ScriptedLive* first = nullptr;
  ScriptedLive* second = nullptr;
  CountingQuarantine quarantine;
  std::vector<std::string> changes;
  std::unique_ptr<LiveMarket> market;
  Timestamp now = kNow;

  explicit AMarket(bool embedded = true) {
    std::vector<std::unique_ptr<LiveSource>> sources;
    for (ScriptedLive** const place : {&first, &second}) {
      auto source = std::make_unique<ScriptedLive>(place == &first ? "finnhub" : "yahoo");
      *place = source.get();
      sources.push_back(std::move(source));
    }
    market = std::make_unique<LiveMarket>(
        LiveMarket::Options{.patience = 10s}, std::move(sources),
        embedded ? std::make_unique<EmbeddedMarket>() : nullptr, std::vector<std::string>{"AAPL", "^NSEI"}, quarantine,
        [this](const std::string& symbol, std::string_view from, std::string_view to) {
          changes.push_back(symbol + ": " + std::string(from) + " -> " + std::string(to));
        });
  }
  // The sources of each symbol's quotes in one poll.
  std::map<std::string, std::vector<std::string>> Poll() {
    now += 20ms;
    std::map<std::string, std::vector<std::string>> sources;
    for (const Quote& quote : market->Poll(now)) sources[quote.symbol].push_back(quote.source);
    return sources;
  }
};

TEST_CASE("whoever speaks for a symbol is heard alone; the embedded market for the others") {
  AMarket world;
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"simulator"});
  world.first->Say("AAPL", 187, kNow);
  const auto heard = world.Poll();
  CHECK(heard.at("AAPL") == std::vector<std::string>{"finnhub"});
  CHECK(heard.at("^NSEI") == std::vector<std::string>{"simulator"});
  // Nothing new is said: nobody fills in.
  CHECK_FALSE(world.Poll().contains("AAPL"));
}

TEST_CASE("when the first falls silent the second is heard at once, then the embedded market, and back") {
  AMarket world;
  world.first->Say("AAPL", 187, kNow);
  world.second->Say("AAPL", 186, kNow - 15min);
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"finnhub"});
  world.first->speaks_for.clear();
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"yahoo"});  // the newest that it has said
  world.second->speaks_for.clear();
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"simulator"});
  world.first->Say("AAPL", 188, kNow + 1s);
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"finnhub"});
  CHECK(std::vector<std::string>(world.changes.begin() + 2, world.changes.end()) ==
        std::vector<std::string>{"AAPL: finnhub -> yahoo", "AAPL: yahoo -> the embedded market",
                                 "AAPL: the embedded market -> finnhub"});
}

TEST_CASE("at the start the embedded market waits for symbols that a provider covers, no longer than its patience") {
  AMarket world;
  world.second->covers = {"AAPL"};
  const auto heard = world.Poll();
  CHECK_FALSE(heard.contains("AAPL"));
  CHECK(heard.at("^NSEI") == std::vector<std::string>{"simulator"});
  world.now += 10s;
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"simulator"});
}

TEST_CASE("without the embedded market nobody makes a price up") {
  AMarket world(false);
  CHECK(world.Poll().empty());
  world.first->Say("AAPL", 187, kNow);
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"finnhub"});
  world.first->speaks_for.clear();
  CHECK(world.Poll().empty());
}

TEST_CASE("what cannot be true goes to the quarantine and to nobody else") {
  AMarket world;
  world.first->Say("AAPL", 187, kNow);
  world.Poll();
  world.first->Say("AAPL", 0, kNow);
  world.first->Say("AAPL", 500, kNow);
  world.first->Say("AAPL", 188, kNow);
  CHECK(world.Poll()["AAPL"] == std::vector<std::string>{"finnhub"});
  REQUIRE(world.quarantine.suspects.size() == 2);
  CHECK(world.quarantine.suspects[0].suspicion == Suspicion::kNonPositive);
  CHECK(world.quarantine.suspects[1].suspicion == Suspicion::kJump);
}

TEST_CASE("an unchanged sample is no new tick, an unchanged trade is one; symbols of nobody are passed over") {
  AMarket world;
  world.first->Say("AAPL", 187, kNow);
  world.Poll();
  world.first->Say("AAPL", 187, kNow);
  CHECK_FALSE(world.Poll().contains("AAPL"));
  world.first->Say("AAPL", 187, kNow);
  world.first->next.back().traded = true;
  world.first->Say("TSLA", 400, kNow);
  const auto heard = world.Poll();
  CHECK(heard.at("AAPL").size() == 1);
  CHECK_FALSE(heard.contains("TSLA"));
}

TEST_CASE("the sources run as long as the market") {
  bool running = false;
  auto source = std::make_unique<ScriptedLive>("finnhub");
  source->running = &running;
  CountingQuarantine quarantine;
  {
    std::vector<std::unique_ptr<LiveSource>> sources;
    sources.push_back(std::move(source));
    const LiveMarket market({}, std::move(sources), nullptr, {}, quarantine, [](const auto&, auto, auto) {});
    CHECK(running);
  }
  CHECK_FALSE(running);
}

// Answers what it is told, call by call.
class ScriptedProvider final : public Provider {
 public:
  std::vector<std::vector<std::string>> asked;
  absl::Status next;
  [[nodiscard]] std::string_view name() const override { return "polled"; }
  [[nodiscard]] bool Can(Ability, const Instrument&) const override { return true; }
  absl::StatusOr<std::vector<Quote>> Quotes(const std::vector<std::string>& symbols, Instant) override {
    asked.push_back(symbols);
    if (!next.ok()) return next;
    std::vector<Quote> quotes;
    for (const std::string& symbol : symbols) quotes.push_back(AQuote(symbol, 10, kNow));
    return quotes;
  }
};

struct APoll {
  FakeClock clock{kNow};
  ScriptedProvider provider;
  PolledQuotes polled{{.symbols = {"A", "B", "C"}, .at_once = 2, .every = 1s, .silence = 10s},
                      provider,
                      [] {},
                      [](const absl::Status&) {},
                      clock};
  [[nodiscard]] bool Speaks(const std::string& symbol) const { return polled.SpeaksFor(symbol, clock.Now()); }
};

TEST_CASE_METHOD(APoll, "symbols are asked for in turn, and spoken for once they were answered") {
  CHECK(polled.AskOnce() == 1s);
  CHECK(Speaks("A"));
  CHECK_FALSE(Speaks("C"));
  polled.AskOnce();
  CHECK(provider.asked == std::vector<std::vector<std::string>>{{"A", "B"}, {"C", "A"}});
  CHECK(polled.Poll(kNow).size() == 4);
}

TEST_CASE_METHOD(APoll,
                 "an outage is survived for the silence that is allowed, a refusal is not; attempts become rarer") {
  polled.AskOnce();
  provider.next = Error(Reason::kPROVIDER_UNAVAILABLE);
  CHECK(polled.AskOnce() == 2s);
  CHECK(polled.AskOnce() == 4s);
  clock.Advance(9s);
  CHECK(Speaks("A"));
  clock.Advance(1s);
  CHECK_FALSE(Speaks("A"));
  provider.next = absl::OkStatus();
  CHECK(polled.AskOnce() == 1s);
  CHECK(Speaks("A"));
  provider.next = Error(Reason::kPROVIDER_REFUSED);
  polled.AskOnce();
  CHECK_FALSE(Speaks("A"));
}

TEST_CASE_METHOD(APoll, "a symbol that it does not know is not spoken for, and is no outage") {
  polled.AskOnce();
  provider.next = Error(Reason::kUNKNOWN_SYMBOL);
  polled.AskOnce();  // C and A
  CHECK_FALSE(Speaks("A"));
  clock.Advance(9s);
  CHECK(Speaks("B"));
}

TEST_CASE("an inbox that is full keeps the newest of each symbol, which are samples then") {
  QuoteInbox inbox(3);
  Quote trade = AQuote("A", 1, kNow);
  trade.traded = true;
  inbox.Put({trade, trade});
  Quote newest = trade;
  newest.price = Dollars(2);
  inbox.Put({AQuote("B", 5, kNow), newest});
  CHECK(inbox.joined() == 2);
  const std::vector<Quote> quotes = inbox.Take();
  REQUIRE(quotes.size() == 2);
  CHECK(quotes[0].symbol == "B");
  CHECK(quotes[1].price == Dollars(2));
  CHECK_FALSE(quotes[1].traded);
  CHECK(inbox.Take().empty());
}

}  // namespace
}  // namespace papertape::market
