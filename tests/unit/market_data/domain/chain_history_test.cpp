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

  bool able = true;
  int asked = 0;
  std::vector<Bar> bars;
  std::vector<CorporateAction> actions;
  absl::Status failure;

 private:
  const std::string name_;
};

struct AChain {
  FakeClock clock;
  Knowing polygon{"polygon"};
  Knowing tiingo{"tiingo"};
  ProviderChain chain{{&polygon, &tiingo}, clock};
  ChainHistory history{chain};
  const Instrument apple{.symbol = "AAPL"};
  const std::vector<Bar> day{ABar(Day("2024-05-06"), 1, 2, 1, 2)};

  absl::StatusOr<FetchedBars> Fetch(std::string_view preferred = "") {
    return history.Fetch({.symbol = "AAPL"}, apple, preferred, clock.Steady() + std::chrono::seconds(30));
  }
};

TEST_CASE_METHOD(AChain, "who answers is the bars' source, and who could not is remarked") {
  polygon.failure = ProviderAway("polygon", "answers 503");
  tiingo.bars = day;
  const auto fetched = Fetch();
  REQUIRE_THAT(fetched.status(), IsOk());
  CHECK(fetched->source == "tiingo");
  CHECK(fetched->bars == day);
  CHECK_THAT(fetched->remark, Catch::Matchers::Contains("503"));
}

TEST_CASE_METHOD(AChain, "those behind one that has no bars of these days are asked, and it is said") {
  tiingo.bars = day;
  const auto fetched = Fetch();
  REQUIRE_THAT(fetched.status(), IsOk());
  CHECK(fetched->source == "tiingo");
  CHECK(fetched->remark == "polygon has no bars of these days.");
}

TEST_CASE_METHOD(AChain, "where nobody has bars the first that says so is the source") {
  const auto fetched = Fetch();
  REQUIRE_THAT(fetched.status(), IsOk());
  CHECK(fetched->bars.empty());
  CHECK(fetched->source == "polygon");
  CHECK(tiingo.asked == 1);
}

TEST_CASE_METHOD(AChain, "whoever was named is asked alone") {
  tiingo.bars = day;
  CHECK(Fetch("polygon")->bars.empty());
  CHECK(tiingo.asked == 0);
}

TEST_CASE_METHOD(AChain, "where nobody can be asked waiting would not help") {
  polygon.able = tiingo.able = false;
  CHECK_FALSE(history.Can(apple));
  CHECK_THAT(Fetch().status(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

TEST_CASE_METHOD(AChain, "splits are told without dividends, and none when nobody can tell") {
  const CorporateAction split{"AAPL", Day("2024-05-06"), Split{Quantity::FromUnits(4), Quantity::FromUnits(1)}};
  polygon.actions = {split, {"AAPL", Day("2024-05-07"), Dividend{Dollars(1)}}};
  ChainSplits splits(chain);
  const auto told = [&] { return splits.Splits(apple, Day("2024-05-01"), Day("2024-05-31"), Instant()); };
  CHECK(told() == std::vector<CorporateAction>{split});
  polygon.failure = tiingo.failure = ProviderAway("polygon", "answers 503");
  CHECK(told().empty());
}

}  // namespace
}  // namespace papertape::market
