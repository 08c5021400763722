#include "services/market_data/domain/provider_chain.h"

#include <optional>

#include "libs/clock/fake_clock.h"
#include "services/market_data/domain/provider_errors.h"
#include "tests/support/matchers.h"

namespace papertape::market {
namespace {

using std::chrono::seconds;
using testing::HasReason;
using testing::NamesField;

// Answers what it is told; notes until when it was given time, which it uses up when it is told to be slow.
class FakeProvider : public Provider {
 public:
  FakeProvider(std::string name, FakeClock& clock) : name_(std::move(name)), clock_(clock) {}
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override {
    return ability == Ability::kDailyBars && (knows_indices || !instrument.is_index);
  }
  absl::StatusOr<ProvidedBars> Bars(const BarRequest& /*request*/, Instant deadline) override {
    given = deadline - clock_.Steady();
    ++asked;
    if (slow) clock_.Advance(std::chrono::duration_cast<std::chrono::microseconds>(given));
    if (failure) return *failure;
    return ProvidedBars{.bars = {Bar{.volume = 1}}};
  }

  bool knows_indices = true;
  bool slow = false;
  int asked = 0;
  Instant::duration given{};
  std::optional<absl::Status> failure;

 private:
  const std::string name_;
  FakeClock& clock_;
};

struct World {
  absl::StatusOr<ChainBars> Ask(std::string_view preferred = "") {
    return chain.Bars({.symbol = instrument.symbol}, instrument, preferred, clock.Steady() + seconds(30));
  }

  FakeClock clock;
  FakeProvider polygon{"polygon", clock};
  FakeProvider tiingo{"tiingo", clock};
  FakeProvider embedded{"embedded", clock};
  std::vector<std::string> noted;
  ProviderChain chain{{&polygon, &tiingo, &embedded}, clock, [this](const PassedOver& passed, std::string_view) {
                        noted.push_back(passed.provider);
                      }};
  Instrument instrument{.symbol = "AAPL"};
};

TEST_CASE("the first provider that answers is named, and nobody else is asked") {
  World world;
  const ChainBars answer = world.Ask().value();
  CHECK(answer.source == "polygon");
  CHECK(answer.bars.bars.size() == 1);
  CHECK(answer.passed_over.empty());
  CHECK(world.tiingo.asked == 0);
}

TEST_CASE("outages, refusals, nonsense and unknown symbols pass the question on, and are told") {
  for (const absl::Status& why :
       {ProviderAway("polygon", "answers 503"), ProviderRefuses("polygon", "refuses its key"),
        ProviderMalformed("polygon", "talks nonsense"), ProviderKnowsNot("polygon", "AAPL")}) {
    World world;
    world.polygon.failure = why;
    const ChainBars answer = world.Ask().value();
    CHECK(answer.source == "tiingo");
    REQUIRE(answer.passed_over.size() == 1);
    CHECK(answer.passed_over[0].why == why);
    CHECK(world.noted == std::vector<std::string>{"polygon"});
  }
}

TEST_CASE("a fault of our own is not covered up by the next provider") {
  World world;
  world.polygon.failure = Error(Reason::kINTERNAL);
  CHECK_THAT(world.Ask().status(), HasReason(Reason::kINTERNAL));
  CHECK(world.tiingo.asked == 0);
}

TEST_CASE("who cannot answer is not asked") {
  World world;
  world.instrument.is_index = true;
  world.polygon.knows_indices = false;
  CHECK(world.Ask().value().source == "tiingo");
  CHECK(world.polygon.asked == 0);
}

TEST_CASE("each provider gets its share of the time that is left") {
  World world;
  world.polygon.failure = world.tiingo.failure = ProviderAway("it", "did not answer in time");
  world.polygon.slow = world.tiingo.slow = true;
  CHECK(world.Ask().value().source == "embedded");
  CHECK(world.polygon.given == seconds(10));
  CHECK(world.tiingo.given == seconds(10));
  CHECK(world.embedded.given == seconds(10));
}

TEST_CASE("time that one did not need is the next one's") {
  World world;
  world.polygon.failure = ProviderRefuses("polygon", "refuses its key");
  CHECK(world.Ask().value().source == "tiingo");
  CHECK(world.tiingo.given == seconds(15));
}

TEST_CASE("a preferred provider is asked alone") {
  World world;
  CHECK(world.Ask("tiingo").value().source == "tiingo");
  world.tiingo.failure = ProviderAway("tiingo", "answers 503");
  CHECK_THAT(world.Ask("tiingo").status(), HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(world.embedded.asked == 0);
  CHECK_THAT(world.Ask("reuters").status(), NamesField("provider"));
}

TEST_CASE("a symbol is unknown only when all say so") {
  World world;
  world.polygon.failure = ProviderKnowsNot("polygon", "AAPL");
  world.tiingo.failure = ProviderKnowsNot("tiingo", "AAPL");
  world.embedded.failure = ProviderKnowsNot("embedded", "AAPL");
  CHECK_THAT(world.Ask().status(), HasReason(Reason::kUNKNOWN_SYMBOL));

  world.tiingo.failure = WithRetryAfter(ProviderAway("tiingo", "wants fewer requests"), 5'000);
  const absl::Status status = world.Ask().status();
  CHECK_THAT(status, HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(DetailsOf(status).retry_after_ms == 5'000);
  CHECK(MessageOf(status) == "polygon does not know AAPL. tiingo wants fewer requests. embedded does not know AAPL.");
}

TEST_CASE("without anybody to ask the answer says so") {
  World world;
  CHECK_THAT(world.chain.Actions(world.instrument, {}, {}, "", world.clock.Steady()).status(),
             HasReason(Reason::kPROVIDER_UNAVAILABLE));
}

}  // namespace
}  // namespace papertape::market
