#include "services/market_data/domain/chain_history.h"

#include "libs/clock/fake_clock.h"
#include "services/market_data/domain/provider_errors.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::ABar;
using testing::Day;
using testing::Dollars;

// Knows these bars and actions, or fails.
class Knowing final : public Provider {
 public:
  explicit Knowing(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool Can(Ability ability, const Instrument& /*instrument*/) const override {
    if (ability == Ability::kWholeDays) return whole_days;
    return able && (ability == Ability::kDailyBars || ability == Ability::kCorporateActions);
  }
  absl::StatusOr<ProvidedBars> Bars(const BarRequest& /*request*/, Instant /*deadline*/) override {
    ++asked;
    if (!failure.ok()) return failure;
    return ProvidedBars{.bars = bars};
  }
  absl::StatusOr<std::vector<CorporateAction>> Actions(const std::string& /*symbol*/, Timestamp /*from*/,
                                                       Timestamp /*until*/, Instant /*deadline*/) override {
    if (!failure.ok()) return failure;
    return actions;
  }

  // Lists AAPL and nobody else.
  absl::StatusOr<std::vector<std::pair<std::string, Bar>>> WholeDay(Timestamp day, Instant /*deadline*/) override {
    ++asked;
    if (!no_whole_days.ok()) return no_whole_days;
    std::vector<std::pair<std::string, Bar>> listed;
    for (const Bar& bar : bars) {
      if (bar.time == day) listed.emplace_back("AAPL", bar);
    }
    return listed;
  }

  bool able = true;
  bool whole_days = false;
  absl::Status no_whole_days;
  int asked = 0;
  std::vector<Bar> bars;
  std::vector<CorporateAction> actions;
  absl::Status failure;

 private:
  const std::string name_;
};

struct NoActions : ActionStore {
  absl::StatusOr<std::vector<KnownAction>> List(const std::string& /*symbol*/) override { return known; }
  absl::StatusOr<std::int64_t> Write(const std::string& /*symbol*/, const std::vector<CorporateAction>& /*actions*/,
                                     const std::string& /*source*/, Timestamp /*now*/) override {
    return 0;
  }
  absl::StatusOr<std::optional<Instrument>> NextToAsk(Timestamp /*before*/) override { return std::nullopt; }
  absl::Status MarkAsked(const std::string& /*symbol*/, Timestamp /*at*/) override { return absl::OkStatus(); }
  std::vector<KnownAction> known;
};

Bar OnDay(const char* day) { return ABar(Day(day), 1, 2, 1, 2); }

struct AChain {
  FakeClock clock;
  Knowing polygon{"polygon"};
  Knowing tiingo{"tiingo"};
  Knowing embedded{"embedded"};
  ProviderChain chain{{&polygon, &tiingo, &embedded}, clock};
  ChainHistory history{chain, clock};
  const Instrument apple{.symbol = "AAPL"};
  const Instrument ibm{.symbol = "IBM"};
  const Stretch days{Day("2024-05-06"), Day("2024-05-07"), Day("2024-05-08")};
  const std::vector<Bar> all{OnDay("2024-05-06"), OnDay("2024-05-07"), OnDay("2024-05-08")};

  absl::StatusOr<FetchedBars> Fetch(std::string_view preferred = "") {
    return history.Fetch({.instrument = apple, .sessions = days, .provider = preferred},
                         clock.Steady() + std::chrono::seconds(30));
  }
  absl::StatusOr<FetchedBars> FetchForEverything(const Instrument& instrument) {
    return history.Fetch({.instrument = instrument, .sessions = days, .for_everything = true},
                         clock.Steady() + std::chrono::seconds(30));
  }
};

// "polygon 2, tiingo 1"
std::string SharesOf(const absl::StatusOr<FetchedBars>& fetched) {
  REQUIRE_THAT(fetched.status(), IsOk());
  std::string shares;
  for (const SourcedBars& told : fetched->told) {
    shares += (shares.empty() ? "" : ", ") + told.source + " " + std::to_string(told.bars.size());
  }
  return shares;
}

TEST_CASE_METHOD(AChain, "who answers is the bars' source, and who could not is remarked") {
  polygon.failure = ProviderAway("polygon", "answers 503");
  tiingo.bars = all;
  const auto fetched = Fetch();
  CHECK(SharesOf(fetched) == "tiingo 3");
  CHECK(fetched->told.front().bars == all);
  CHECK_THAT(fetched->remark, Catch::Matchers::Contains("503"));
  CHECK(embedded.asked == 0);
}

TEST_CASE_METHOD(AChain, "those behind one that has no bars of these days are asked, and it is said") {
  tiingo.bars = all;
  const auto fetched = Fetch();
  CHECK(SharesOf(fetched) == "polygon 0, tiingo 3");
  CHECK(fetched->remark == "polygon has 0 of these 3 days, tiingo 3 more.");
}

TEST_CASE_METHOD(AChain, "what one has only in part comes from those behind it, day by day") {
  polygon.bars = {all[1]};
  tiingo.bars = {all[0], OnDay("2024-05-09")};  // one that nobody asked for
  embedded.bars = all;
  const auto fetched = Fetch();
  CHECK(SharesOf(fetched) == "polygon 1, tiingo 1, embedded 1");
  CHECK(fetched->told.back().bars == std::vector{all[2]});
  CHECK(fetched->remark == "polygon has 1 of these 3 days, tiingo 1 more, embedded 1 more.");
}

TEST_CASE_METHOD(AChain, "one that is away is passed over for the rest too") {
  polygon.bars = {all[1]};
  tiingo.failure = ProviderAway("tiingo", "answers 503");
  embedded.bars = all;
  CHECK(SharesOf(Fetch()) == "polygon 1, embedded 2");
}

TEST_CASE_METHOD(AChain, "where nobody has bars the first that says so is the source") {
  const auto fetched = Fetch();
  CHECK(SharesOf(fetched) == "polygon 0");
  CHECK(fetched->remark.empty());
  CHECK(tiingo.asked == 1);
}

TEST_CASE_METHOD(AChain, "whoever was named is asked alone") {
  tiingo.bars = all;
  CHECK(SharesOf(Fetch("polygon")) == "polygon 0");
  CHECK(tiingo.asked == 0);
}

TEST_CASE_METHOD(AChain, "for everything a day is asked for once, whoever wants it") {
  polygon.whole_days = true;
  polygon.bars = all;
  CHECK(SharesOf(FetchForEverything(apple)) == "polygon 3");
  CHECK(SharesOf(FetchForEverything(apple)) == "polygon 3");
  CHECK(polygon.asked == 3);  // a question a day
  // Whom the day does not list is asked for alone.
  CHECK(SharesOf(FetchForEverything(ibm)) == "polygon 3");
  CHECK(polygon.asked == 4);
  clock.Advance(WholeDays::kKeptFor);
  FetchForEverything(apple).IgnoreError();
  CHECK(polygon.asked == 7);
}

TEST_CASE_METHOD(AChain, "where whole days cannot be had each is asked for, and the failure is remembered") {
  polygon.whole_days = true;
  polygon.bars = all;
  polygon.no_whole_days = ProviderRefuses("polygon", "has no such plan");
  CHECK(SharesOf(FetchForEverything(apple)) == "polygon 3");
  CHECK(polygon.asked == 2);
  CHECK(SharesOf(FetchForEverything(ibm)) == "polygon 3");
  CHECK(polygon.asked == 3);
  clock.Advance(WholeDays::kFailureKeptFor);
  FetchForEverything(ibm).IgnoreError();
  CHECK(polygon.asked == 5);
}

TEST_CASE_METHOD(AChain, "whole days are not asked of one that stands behind another") {
  tiingo.whole_days = true;
  polygon.bars = tiingo.bars = all;
  CHECK(SharesOf(FetchForEverything(apple)) == "polygon 3");
  CHECK(polygon.asked == 1);
  CHECK(tiingo.asked == 0);
}

TEST_CASE_METHOD(AChain, "where nobody can be asked waiting would not help") {
  polygon.able = tiingo.able = embedded.able = false;
  CHECK_FALSE(history.Can(apple));
  CHECK_THAT(Fetch().status(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

TEST_CASE_METHOD(AChain, "splits are told without dividends, and none when nobody can tell") {
  const CorporateAction split{"AAPL", Day("2024-05-06"), Split{Quantity::FromUnits(4), Quantity::FromUnits(1)}};
  polygon.actions = {split, {"AAPL", Day("2024-05-07"), Dividend{Dollars(1)}}};
  NoActions recorded;
  ChainSplits splits(chain, recorded);
  const auto told = [&] { return splits.Asked(apple, Day("2024-05-01"), Day("2024-05-31"), Instant()); };
  CHECK(told() == std::vector<CorporateAction>{split});
  polygon.failure = tiingo.failure = embedded.failure = ProviderAway("polygon", "answers 503");
  CHECK(told().empty());
  recorded.known = {{.action = split}, {.action = polygon.actions.back()}};
  CHECK(splits.Recorded("AAPL", Day("2024-05-01"), Day("2024-05-31")) == std::vector<CorporateAction>{split});
  CHECK(splits.Recorded("AAPL", Day("2024-05-07"), Day("2024-05-31")).empty());
}

}  // namespace
}  // namespace papertape::market
