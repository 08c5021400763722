#include "services/market_data/domain/session_player.h"

#include <algorithm>
#include <iterator>

#include "libs/clock/fake_clock.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/recorded_bars.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::ABar;
using testing::At;
using testing::Day;
using testing::Line;
using testing::RecordedBars;

using Lines = std::vector<std::string>;
constexpr std::size_t kMany = 1'000'000;

// Three days of New York: a Thursday, a Friday, a Monday after the clocks went back.
struct APlayer {
  FakeClock clock;
  RecordedBars bars;
  std::optional<SessionPlayer> player;

  APlayer() {
    bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-30"), 10, 11, 7, 8));
    bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-10-31"), 20, 21, 17, 18));
    bars.AddMinute("MSFT", "XNYS", ABar(At("2008-10-31T15:00:00Z"), 30, 31, 29, 30.5));
    bars.AddDaily("AAPL", "XNYS", ABar(Day("2008-11-03"), 40, 41, 37, 38));
  }
  void Play(std::int64_t speed, SessionState state = SessionState::kRunning,
            Timestamp from = At("2008-10-30T13:30:00Z")) {
    const TradingTime hours = TradingTime::Of({"XNYS"}, Day("2008-10-30"), Day("2008-11-03"));
    player.emplace(MarketSession{.number = 1, .speed = speed, .state = state, .clock = from},
                   ReplayTape(hours, bars, 10min), clock.Steady());
    REQUIRE_THAT(player->Begin().status(), IsOk());
  }
  Lines Poll(std::size_t most = kMany) {
    Lines lines;
    const auto batches = player->Poll(clock.Steady(), most);
    REQUIRE_THAT(batches.status(), IsOk());
    for (const TapeBatch& batch : *batches) lines.push_back(Line(batch));
    return lines;
  }
  // All there is, the clock moving by `every` between two looks.
  Lines PlayOut(std::chrono::microseconds every) {
    Lines all;
    while (!player->Finished()) {
      const Lines lines = Poll();
      all.insert(all.end(), lines.begin(), lines.end());
      clock.Advance(every);
    }
    return all;
  }
};

TEST_CASE_METHOD(APlayer, "the tape is the same at every speed, whenever one looks, and by steps") {
  Play(1);
  const Lines tape = PlayOut(7s);
  Lines ticks;
  std::copy_if(tape.begin(), tape.end(), std::back_inserter(ticks),
               [](const std::string& line) { return line.find("AAPL") != std::string::npos; });
  CHECK(ticks.size() > 3 * 39);
  for (const std::int64_t speed : {1, 60, 1000}) {
    for (const std::chrono::microseconds every : {7'003ms, 61'000ms, 10'800'000ms}) {
      Play(speed);
      CHECK(PlayOut(every / speed) == tape);
    }
  }
  for (const SessionStep& step : {SessionStep(ToNextPrice()), SessionStep(90s), SessionStep(24h), SessionStep(8760h)}) {
    Play(1, SessionState::kPaused);
    Lines stepped;
    while (!player->Finished()) {
      player->Step(step, clock.Steady());
      // Each step ends with a beat.
      for (const std::string& line : Poll()) {
        if (line.find("AAPL") != std::string::npos) stepped.push_back(line);
      }
    }
    CHECK(stepped == ticks);
  }
}

TEST_CASE_METHOD(APlayer, "a poll that may take few batches at a time leaves none out") {
  Play(1);
  const Lines tape = PlayOut(60s);
  Play(1000);
  Lines all;
  while (!player->Finished()) {
    const Lines lines = Poll(3);
    CHECK(lines.size() <= 3);
    all.insert(all.end(), lines.begin(), lines.end());
    clock.Advance(1s);
  }
  CHECK(all == tape);
}

TEST_CASE_METHOD(APlayer, "a session that goes on from anywhere tells the rest, and recalls what stood there") {
  Play(1);
  const Lines tape = PlayOut(60s);
  for (const char* const from : {"2008-10-30T16:00:00Z", "2008-10-30T20:00:00Z", "2008-10-31T15:00:20Z"}) {
    const TradingTime hours = TradingTime::Of({"XNYS"}, Day("2008-10-30"), Day("2008-11-03"));
    player.emplace(MarketSession{.number = 1, .state = SessionState::kRunning, .clock = At(from)},
                   ReplayTape(hours, bars, 10min), clock.Steady());
    const auto recalled = player->Begin();
    REQUIRE_THAT(recalled.status(), IsOk());
    CHECK(recalled->front().symbol == "AAPL");
    const Lines rest = PlayOut(60s);
    CHECK(rest == Lines(tape.end() - static_cast<std::ptrdiff_t>(rest.size()), tape.end()));
    CHECK(rest.size() < tape.size());
  }
}

TEST_CASE_METHOD(APlayer,
                 "the market's time goes as many times as fast as the machine's, through hours of trading alone") {
  Play(60);
  CHECK(Poll() == Lines{"1 13:30:00 AAPL 10"});
  clock.Advance(390s - 10s);  // 6 hours and 20 minutes
  Poll();
  CHECK(player->clock() == At("2008-10-30T19:50:00Z"));
  CHECK(player->Rest(clock.Steady()) == 9'983'333us);  // the close, a second before the end
  clock.Advance(10s);
  CHECK(Poll() == Lines{"1 19:59:59 AAPL 8", "1 20:00:00", "1 13:30:00 AAPL 20"});
  clock.Advance(390s);
  CHECK(Poll().back() == "1 14:30:00 AAPL 40");  // on Monday, in winter time
}

TEST_CASE_METHOD(APlayer, "a pause stops the market's time, and what the machine's did meanwhile is not caught up") {
  Play(60);
  clock.Advance(10s);
  CHECK(Poll().back() == "1 13:40:00 AAPL 10");
  player->Pause(clock.Steady());
  clock.Advance(24h);
  CHECK(Poll().empty());
  CHECK_FALSE(player->Rest(clock.Steady()).has_value());
  player->Resume(clock.Steady());
  CHECK(Poll().empty());
  clock.Advance(10s);
  CHECK(Poll() == Lines{"1 13:50:00 AAPL 10"});
}

TEST_CASE_METHOD(APlayer, "another speed holds from where the clock is") {
  Play(60);
  clock.Advance(15s);
  CHECK(Poll().back() == "1 13:40:00 AAPL 10");
  player->SetSpeed(1, clock.Steady());
  CHECK(player->Rest(clock.Steady()) == 300s);
  clock.Advance(299s);
  CHECK(Poll().empty());
  clock.Advance(1s);
  CHECK(Poll() == Lines{"1 13:50:00 AAPL 10"});
}

TEST_CASE_METHOD(APlayer, "a step goes as far as it says, by the clock on the wall, and then stands") {
  Play(1000);
  player->Step(20min, clock.Steady());
  CHECK(player->Stepping());
  CHECK(Poll() == Lines{"1 13:30:00 AAPL 10", "1 13:40:00 AAPL 10", "1 13:50:00 AAPL 10"});
  CHECK_FALSE(player->Stepping());
  clock.Advance(24h);
  CHECK(Poll().empty());
  player->Step(24h, clock.Steady());
  CHECK(Poll().back() == "1 13:50:00 AAPL 20");
  // Saturday: to Monday's open.
  player->Step(24h, clock.Steady());
  CHECK(Poll().back() == "1 14:30:00 AAPL 40");
  CHECK(player->clock() == At("2008-11-03T14:30:00Z"));
}

TEST_CASE_METHOD(APlayer, "a step that reaches no price moves the market's time all the same") {
  Play(1, SessionState::kPaused);
  player->Step(90s, clock.Steady());
  CHECK(Poll() == Lines{"1 13:30:00 AAPL 10", "1 13:31:30"});
  player->Step(90s, clock.Steady());
  CHECK(Poll() == Lines{"1 13:33:00"});
  player->Resume(clock.Steady());
  clock.Advance(7min);
  CHECK(Poll() == Lines{"1 13:40:00 AAPL 10"});
}

TEST_CASE_METHOD(APlayer, "a step to the next price passes over repetitions and nights") {
  Play(1, SessionState::kPaused);
  const auto step = [&] {
    player->Step(ToNextPrice(), clock.Steady());
    return Poll().back();
  };
  CHECK(step() == "1 13:30:00 AAPL 10");
  CHECK(step() == "1 15:40:00 AAPL 11");
  CHECK(step() == "1 17:50:00 AAPL 7");
  CHECK(step() == "1 19:59:59 AAPL 8");
  CHECK(step() == "1 13:30:00 AAPL 20");
  CHECK(step() == "1 15:00:00 AAPL 20 MSFT 30");
}

TEST_CASE_METHOD(APlayer, "who is late goes on from where it is: a pause after it leaves nothing owed") {
  Play(1000);
  clock.Advance(24h);
  CHECK(Poll(5).size() == 5);
  player->Pause(clock.Steady());
  CHECK(Poll().empty());
  player->Resume(clock.Steady());
  CHECK(Poll().empty());
}

TEST_CASE_METHOD(APlayer, "while bars cannot be read the market's time stands") {
  Play(1000);
  bars.away = true;
  clock.Advance(24h);
  CHECK_THAT(player->Poll(clock.Steady(), kMany).status(), HasReason(Reason::kUNAVAILABLE));
  bars.away = false;
  CHECK(Poll() == Lines{"1 13:30:00 AAPL 10"});
}

}  // namespace
}  // namespace papertape::market
