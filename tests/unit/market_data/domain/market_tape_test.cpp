#include "services/market_data/domain/market_tape.h"

#include <deque>
#include <set>

#include "libs/clock/fake_clock.h"
#include "services/market_data/domain/quote_feed.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/recorded_bars.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::ABar;
using testing::AQuote;
using testing::Day;
using testing::Dollars;
using testing::Line;
using testing::RecordedBars;

using Lines = std::vector<std::string>;

// A quote of AAPL a second, of MSFT only the first.
class LiveSource : public QuoteSource {
 public:
  int price = 100;
  std::vector<Quote> Poll(Timestamp now) override {
    if (now < due_) return {};
    due_ = now + 1s;
    std::vector<Quote> quotes{AQuote("AAPL", ++price, now)};
    if (price == 101) quotes.push_back(AQuote("MSFT", 50, now));
    return quotes;
  }
  [[nodiscard]] Timestamp NextAt(Timestamp) const override { return due_; }

 private:
  Timestamp due_;
};

class ToldTape : public TickPublisher {
 public:
  Lines lines;
  bool behind = false;
  void Publish(const TapeBatch& batch) override { lines.push_back(Line(batch)); }
  [[nodiscard]] bool IsBehind() const override { return behind; }
};

struct ATape {
  FakeClock clock;
  MarketClock market{clock};
  LiveSource live;
  RecordedBars bars;
  MarketTape tape{clock};
  QuoteBook book{5'000ms, market};
  ToldTape told;
  std::set<Slot> changed;
  QuoteFeed feed{tape, book, told,
                 [this](const std::vector<Slot>& slots) { changed.insert(slots.begin(), slots.end()); }, market};

  ATape() {
    tape.Hear(live);
    book.Admit({"AAPL", "MSFT"});
    bars.AddDaily("MSFT", "XNYS", ABar(Day("2008-10-01"), 10, 11, 7, 8));
  }
  void Replay(std::int64_t speed, SessionState state = SessionState::kRunning) {
    const TradingTime hours = TradingTime::Of({"XNYS"}, Day("2008-10-01"), Day("2008-10-01"));
    tape.Play(std::make_unique<SessionPlayer>(
                  MarketSession{.number = 1, .speed = speed, .state = state, .clock = hours.begin()},
                  ReplayTape(hours, bars, 10min), clock.Steady()),
              {});
  }
  // What is told from now on.
  Lines Step(std::chrono::microseconds by = 0s) {
    told.lines.clear();
    clock.Advance(by);
    feed.Step();
    return told.lines;
  }
};

TEST_CASE_METHOD(ATape, "a session begins with its number and its time, and then tells its own prices alone") {
  CHECK(Step() == Lines{"0 AAPL 101 MSFT 50"});
  Replay(60);
  CHECK(Step() == Lines{"1 13:30:00", "1 13:30:00 MSFT 10"});
  CHECK(Step(10s) == Lines{"1 13:40:00 MSFT 10"});
}

TEST_CASE_METHOD(ATape, "the book forgets the live quotes, and has them back, with what was said meanwhile") {
  Step();
  Replay(60);
  changed.clear();
  Step();
  CHECK(changed == std::set<Slot>{0, 1});
  CHECK_THAT(book.Get("AAPL").status(), HasReason(Reason::kQUOTE_STALE));
  CHECK(book.Get("MSFT")->price == Dollars(10));
  CHECK(book.moment().session == 1);
  Step(5s);
  tape.GoLive();
  changed.clear();
  CHECK(Step() == Lines{"0"});
  CHECK(changed == std::set<Slot>{0, 1});
  CHECK(book.Get("AAPL")->price == Dollars(102));
  CHECK(book.Get("MSFT")->price == Dollars(50));
  CHECK(book.moment() == MarketMoment());
}

TEST_CASE_METHOD(
    ATape, "quotes are fresh by the market's time: a pause ages none, and the live market's clock is the machine's") {
  Replay(60);
  Step();
  CHECK(market.Now() == testing::At("2008-10-01T13:30:00Z"));
  tape.Turn(1, [](SessionPlayer& player, Instant now) { player.Pause(now); });
  clock.Advance(1h);
  CHECK_FALSE(book.IsStale(*book.Get("MSFT")));
  tape.GoLive();
  Step();
  CHECK(market.Now() == clock.Now());
}

TEST_CASE_METHOD(ATape, "while nothing else is told the time is, some times a second") {
  Replay(1, SessionState::kPaused);
  CHECK(Step() == Lines{"1 13:30:00"});
  CHECK(Step(200ms).empty());
  CHECK(Step(50ms) == Lines{"1 13:30:00"});
  CHECK(tape.Rest() == 250ms);
}

TEST_CASE_METHOD(ATape, "a session waits for a publisher that is behind") {
  Replay(60);
  Step();
  told.behind = true;
  CHECK(Step(10s) == Lines{"1 13:30:00"});
  CHECK(Step(10s) == Lines{"1 13:30:00"});
  told.behind = false;
  CHECK(Step() == Lines{"1 13:40:00 MSFT 10", "1 13:50:00 MSFT 10"});
}

TEST_CASE_METHOD(ATape, "a step has been told when the poll after it begins") {
  Replay(1, SessionState::kPaused);
  tape.Turn(1, [](SessionPlayer& player, Instant now) { player.Step(ToNextPrice(), now); });
  CHECK(Step() == Lines{"1 13:30:00", "1 13:30:00 MSFT 10"});
  CHECK(tape.progress().told.session == 0);
  CHECK(tape.Rest() == 0s);
  Step();
  CHECK(tape.progress().told.session == 1);
  tape.AwaitStep(0ms);
}

TEST_CASE_METHOD(ATape, "a tape whose bars cannot be read stands, says why, and goes on") {
  bars.away = true;
  Replay(60);
  CHECK(Step() == Lines{"1 13:30:00"});
  CHECK_THAT(tape.progress().health, HasReason(Reason::kUNAVAILABLE));
  bars.away = false;
  CHECK(Step() == Lines{"1 13:30:00 MSFT 10"});
  CHECK_THAT(tape.progress().health, IsOk());
}

TEST_CASE_METHOD(ATape, "the end has come when it has been told") {
  Replay(1000);
  Step();
  Step(1h);
  CHECK_FALSE(tape.progress().finished);
  Step();
  CHECK(tape.progress().finished);
  CHECK(tape.progress().told.clock == testing::At("2008-10-01T20:00:00Z"));
}

}  // namespace
}  // namespace papertape::market
