#include "services/market_data/domain/market_sessions.h"

#include "services/market_data/store/pg_market_sessions.h"
#include "services/market_data/store/pg_replay_bars.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::ABar;
using testing::At;
using testing::Day;
using testing::Dollars;
using testing::MarketDatabase;

struct AStore : MarketDatabase {
  PgMarketSessions sessions{*pool};
  PgReplayBars recorded{*pool};

  static MarketSession October() {
    return {.first_day = Day("2008-10-01"),
            .last_day = Day("2008-10-31"),
            .speed = 500,
            .state = SessionState::kPaused,
            .clock = At("2008-10-01T13:30:00Z")};
  }
};

TEST_CASE_METHOD(AStore, "one session is on at a time, and the next has the next number") {
  CHECK_FALSE((*sessions.Active()).has_value());
  MarketSession first = *sessions.Open(October());
  CHECK(first.number == 1);
  CHECK_THAT(sessions.Open(October()).status(), HasReason(Reason::kCONFLICT));
  CHECK(*sessions.Active() == first);
  first.state = SessionState::kEnded;
  REQUIRE_THAT(sessions.Change(first).status(), IsOk());
  CHECK_FALSE((*sessions.Active()).has_value());
  CHECK(sessions.Open(October())->number == 2);
}

TEST_CASE_METHOD(AStore, "a change under an old revision is refused, and the clock never goes back") {
  const MarketSession opened = *sessions.Open(October());
  REQUIRE_THAT(sessions.Advance(1, At("2008-10-02T15:00:00Z")), IsOk());
  REQUIRE_THAT(sessions.Advance(1, At("2008-10-02T14:00:00Z")), IsOk());
  MarketSession faster = opened;
  faster.speed = 1000;
  const MarketSession changed = *sessions.Change(faster);
  CHECK(changed.clock == At("2008-10-02T15:00:00Z"));
  CHECK(changed.revision == opened.revision + 1);
  CHECK_THAT(sessions.Change(faster).status(), HasReason(Reason::kCONFLICT));
}

TEST_CASE_METHOD(AStore, "a day's bars are those of every symbol that has any, with the close before on its terms") {
  CHECK_FALSE((*recorded.Range()).has_value());
  REQUIRE_THAT(
      bars.AddMissing("NVDA", Interval::kDay,
                      {ABar(Day("2024-06-07"), 1190, 1210, 1180, 1200), ABar(Day("2024-06-10"), 120, 125, 118, 121)},
                      "test")
          .status(),
      IsOk());
  REQUIRE_THAT(bars.AddMissing("AAPL", Interval::kMinute,
                               {ABar(At("2024-06-07T19:59:00Z"), 195, 196, 194, 195.5),
                                ABar(At("2024-06-10T13:30:00Z"), 196, 197, 195, 196.5),
                                ABar(At("2024-06-10T13:31:00Z"), 196.5, 197, 196, 197)},
                               "test")
                   .status(),
               IsOk());
  database.Execute(
      "insert into market_data.corporate_actions (symbol, ex_date, kind, numerator, denominator, source) "
      "values ('NVDA', '2024-06-10Z', 'split', 10, 1, 'test'), ('AAPL', '2024-06-09Z', 'split', 4, 1, 'test')");
  database.Execute("update market_data.corporate_actions set withdrawn = true where symbol = 'AAPL'");
  CHECK(*recorded.Symbols(Day("2024-06-08"), Day("2024-06-10")) ==
        std::vector<RecordedSymbol>{{"AAPL", "XNAS"}, {"NVDA", "XNAS"}});
  CHECK(recorded.Symbols(Day("2024-06-08"), Day("2024-06-09"))->empty());
  const std::vector<RecordedDay> day = *recorded.On(Day("2024-06-10"));
  REQUIRE(day.size() == 2);
  CHECK(day[0].minutes.size() == 2);
  CHECK(day[0].previous_close == Dollars(195.5));
  CHECK(day[1].daily->close == Dollars(121));
  CHECK(day[1].previous_close == Dollars(120));
  CHECK((*recorded.Range())->first == Day("2024-06-07"));
}

// What a process does with its sessions, without the process.
struct Processes : AStore {
  Processes() {
    bars.AddMissing("^GSPC", Interval::kDay,
                    {ABar(Day("2008-10-01"), 1164, 1167, 1140, 1161), ABar(Day("2008-10-02"), 1160, 1160, 1111, 1114)},
                    "test")
        .value();
  }
  struct Process {
    explicit Process(Processes& of)
        : sessions({.store = of.sessions,
                    .bars = of.recorded,
                    .tape = tape,
                    .clock = SystemClock(),
                    .announce =
                        [&of](const MarketSession& session) {
                          of.announced.push_back(session.number);
                          return of.announcing;
                        }},
                   std::chrono::seconds(2)) {
      tape.Hear(nothing);
      Tell();
    }
    struct Nothing : QuoteSource {
      std::vector<Quote> Poll(Timestamp) override { return {}; }
      [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + std::chrono::seconds(1); }
    } nothing;
    MarketTape tape{SystemClock()};
    MarketSessions sessions;
    void Tell() {
      while (!tape.Poll().empty()) {
      }
    }
  };
  std::vector<std::int64_t> announced;  // sessions whose books were told of splits and dividends
  absl::Status announcing;
  static ReplayRange Paused() {
    return {.first_day = Day("2008-10-01"), .last_day = Day("2008-10-02"), .speed = 1, .paused = true};
  }
};

TEST_CASE_METHOD(Processes, "a process that starts goes on where the one before had got") {
  Process first(*this);
  REQUIRE_THAT(first.sessions.Start(Paused()).status(), IsOk());
  std::ignore = first.sessions.Step(std::chrono::hours(3), std::chrono::milliseconds(0));
  first.Tell();
  REQUIRE_THAT(first.sessions.Follow(), IsOk());
  CHECK(first.sessions.Now().time == At("2008-10-01T16:30:00Z"));

  Process second(*this);
  CHECK(second.sessions.Now().session.number == 0);
  REQUIRE_THAT(second.sessions.Follow(), IsOk());
  const SessionView resumed = second.sessions.Now();
  CHECK(resumed.session.number == 1);
  CHECK(resumed.session.state == SessionState::kPaused);
  CHECK(resumed.time == At("2008-10-01T16:30:00Z"));
  CHECK(resumed.symbols == 1);
  const std::vector<TapeTurn> turns = second.tape.Poll();
  REQUIRE(turns.size() == 1);
  CHECK(turns[0].batch.quotes.empty());
  CHECK(turns[0].recalled.front().price == Dollars(1167));
}

TEST_CASE_METHOD(Processes, "a session's books hear of the actions of its days before its first price") {
  Process process(*this);
  announcing = Error(Reason::kUNAVAILABLE);
  CHECK_THAT(process.sessions.Start(Paused()).status(), HasReason(Reason::kUNAVAILABLE));
  CHECK(process.sessions.Now().session.number == 0);
  announcing = absl::OkStatus();
  REQUIRE_THAT(process.sessions.Follow(), IsOk());
  CHECK(process.sessions.Now().session.number == 1);
  CHECK(announced == std::vector<std::int64_t>{1, 1});
}

TEST_CASE_METHOD(Processes, "what one process is told, the others follow at their next look") {
  Process first(*this);
  Process second(*this);
  REQUIRE_THAT(first.sessions.Start(Paused()).status(), IsOk());
  REQUIRE_THAT(second.sessions.Follow(), IsOk());
  CHECK(second.sessions.Now().session.state == SessionState::kPaused);
  REQUIRE_THAT(second.sessions.SetSpeed(60).status(), IsOk());
  REQUIRE_THAT(second.sessions.End().status(), IsOk());
  REQUIRE_THAT(first.sessions.Follow(), IsOk());
  CHECK(first.sessions.Now().session.number == 0);
}

TEST_CASE_METHOD(Processes, "a tape that was played to its end is finished, and waits to be ended") {
  Process process(*this);
  REQUIRE_THAT(process.sessions.Start(Paused()).status(), IsOk());
  std::ignore = process.sessions.Step(std::chrono::hours(24 * 300), std::chrono::milliseconds(0));
  process.Tell();
  REQUIRE_THAT(process.sessions.Follow(), IsOk());
  CHECK((*sessions.Active())->state == SessionState::kFinished);
  CHECK(process.sessions.Now().share_played == 1);
  CHECK_THAT(process.sessions.Resume().status(), HasReason(Reason::kCONFLICT));
  REQUIRE_THAT(process.sessions.End().status(), IsOk());
  CHECK_THAT(process.sessions.End().status(), HasReason(Reason::kCONFLICT));
}

TEST_CASE_METHOD(Processes, "days without a bar are refused, with those that there are") {
  Process process(*this);
  const absl::Status refused =
      process.sessions.Start({.first_day = Day("2030-01-01"), .last_day = Day("2030-01-31")}).status();
  CHECK_THAT(refused, NamesField("start"));
  CHECK(DetailsOf(refused).violations.front().message ==
        "no symbol has a bar from 2030-01-01 to 2030-01-31: bars are recorded from 2008-10-01 to 2008-10-02");
  REQUIRE_THAT(process.sessions.Start(Paused()).status(), IsOk());
  CHECK_THAT(process.sessions.Start(Paused()).status(), HasReason(Reason::kCONFLICT));
}

TEST_CASE_METHOD(Processes, "a session whose bars have gone is ended") {
  Process first(*this);
  REQUIRE_THAT(first.sessions.Start(Paused()).status(), IsOk());
  database.Execute("delete from market_data.bars");
  Process second(*this);
  REQUIRE_THAT(second.sessions.Follow(), IsOk());
  CHECK_FALSE((*sessions.Active()).has_value());
}

}  // namespace
}  // namespace papertape::market
