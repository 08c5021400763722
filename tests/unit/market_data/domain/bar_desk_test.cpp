#include "services/market_data/domain/bar_desk.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "libs/clock/fake_clock.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::AQuote;
using testing::At;

const Timestamp kTen = At("2026-11-20T15:00:00Z");  // ten o'clock in New York

class RecordingStore : public BarStore {
 public:
  std::vector<std::string> added;  // "AAPL 1m finnhub"
  bool away = false;
  absl::StatusOr<BarPage> List(const BarQuery&) override { return BarPage(); }
  absl::StatusOr<std::int64_t> AddMissing(const std::string& symbol, Interval interval, const std::vector<Bar>& bars,
                                          const std::string& source) override {
    if (away) return Error(Reason::kUNAVAILABLE);
    for (std::size_t i = 0; i < bars.size(); ++i) {
      added.push_back(symbol + " " + std::string(IntervalName(interval)) + " " + source);
    }
    return static_cast<std::int64_t>(bars.size());
  }
};

struct ADesk {
  FakeClock clock{kTen - 2h};
  RecordingStore store;
  std::vector<LiveBar> told;
  BarDesk desk{
      {.waiting = 3}, store, [this](const auto& bars) { told.insert(told.end(), bars.begin(), bars.end()); }, clock};

  ADesk() { desk.Admit({{.symbol = "AAPL", .exchange = "XNAS"}}); }
  // A tick each minute, from before the first bar that counts.
  void Hear(const std::string& source, bool traded, std::chrono::minutes from, std::chrono::minutes until) {
    for (auto at = from; at < until; ++at) {
      clock.Advance(kTen + at - clock.Now());
      Quote quote = AQuote("AAPL", 10, kTen + at);
      quote.source = source;
      quote.traded = traded;
      desk.Publish({quote});
      desk.Turn();
    }
  }
};

TEST_CASE_METHOD(ADesk, "whole bars of a source that tells every trade are stored, from a minute to an hour") {
  desk.Publish({});
  Hear("finnhub", true, -1min, 6min);
  REQUIRE_THAT(desk.Store().status(), IsOk());
  const std::set<std::string> kept(store.added.begin(), store.added.end());
  CHECK(kept == std::set<std::string>{"AAPL 1m finnhub"});
  CHECK(desk.given_up() > 0);  // the store was not asked in time
}

TEST_CASE_METHOD(ADesk, "made-up prices and samples are told as bars and never stored") {
  const std::string source = GENERATE("simulator", "replay", "yahoo");
  Hear(source, source != "yahoo", -1min, 4min);
  REQUIRE_THAT(desk.Store().status(), IsOk());
  CHECK(store.added.empty());
  CHECK(std::any_of(told.begin(), told.end(), [](const LiveBar& bar) { return bar.finished && bar.complete; }));
}

TEST_CASE_METHOD(ADesk, "bars wait while the store is away, and what there is no room for is counted") {
  store.away = true;
  Hear("finnhub", true, -1min, 3min);
  CHECK_THAT(desk.Store().status(), HasReason(Reason::kUNAVAILABLE));
  store.away = false;
  REQUIRE_THAT(desk.Store().status(), IsOk());
  CHECK(store.added.size() == 2);
  CHECK(desk.given_up() == 0);
}

}  // namespace
}  // namespace papertape::market
