#include "libs/clock/fake_clock.h"
#include "papertape/market_data/v1/market_event.pb.h"
#include "services/market_data/domain/action_keeper.h"
#include "services/market_data/domain/adjusted_bars.h"
#include "services/market_data/domain/provider_errors.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::ABar;
using testing::Day;
using testing::Dollars;
using testing::MarketDatabase;

CorporateAction FourForOne(const char* day) {
  return {.symbol = "AAPL", .ex_date = Day(day), .what = Split{Quantity::FromUnits(4), Quantity::FromUnits(1)}};
}
CorporateAction Pays(const char* day, double amount) {
  return {.symbol = "AAPL", .ex_date = Day(day), .what = Dividend{Dollars(amount)}};
}

// Knows what it is told, of shares.
class FakeActions : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "polygon"; }
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override {
    return ability == Ability::kCorporateActions && instrument.exchange == "XNAS";
  }
  absl::StatusOr<std::vector<CorporateAction>> Actions(const std::string& symbol, Timestamp /*from*/,
                                                       Timestamp /*until*/, Instant /*deadline*/) override {
    asked.push_back(symbol);
    if (failure) return *failure;
    return symbol == "AAPL" ? actions : std::vector<CorporateAction>();
  }

  std::vector<CorporateAction> actions;
  std::optional<absl::Status> failure;
  std::vector<std::string> asked;
};

struct World : MarketDatabase {
  World() {
    std::vector<Bar> days;
    // Monday to Friday of two weeks; 400 dollars, and 100 from Wednesday 2020-01-15 on.
    for (const int day : {6, 7, 8, 9, 10, 13, 14, 15, 16, 17}) {
      const double price = day < 15 ? 400 : 100;
      days.push_back(ABar(Day("2020-01-01") + std::chrono::days(day - 1), price, price + 4, price - 4, price, 100));
    }
    REQUIRE_THAT(bars.AddMissing("AAPL", Interval::kDay, days, "test").status(), IsOk());
  }
  std::int64_t Write(const std::vector<CorporateAction>& told, const std::string& source = "polygon") {
    const auto changed = actions.Write("AAPL", told, source, clock.Now());
    REQUIRE_THAT(changed.status(), IsOk());
    return *changed;
  }
  // The newest event that the other services are told.
  market_data::v1::CorporateAction Told() {
    market_data::v1::MarketEvent event;
    REQUIRE_THAT(pool->Read([&](pg::Transaction& transaction) {
      const pg::Rows rows = transaction.Exec("select payload, type from outbox order by position desc limit 1");
      CHECK(rows.Text(0, 1) == MarketEventType());
      CHECK(event.ParseFromString(rows.Bytes(0, 0)));
      return absl::OkStatus();
    }),
                 IsOk());
    return event.corporate_action();
  }
  std::string Events() { return database.Execute("select count(*) from market_data.outbox"); }
  std::vector<Bar> List(const BarQuery& query) { return adjusted.List(query).value().bars; }
  void StepUntilIdle() {
    while (keeper.Step().value() == std::chrono::milliseconds(0)) {
    }
  }

  FakeClock clock{Day("2020-02-01")};
  AdjustedBars adjusted{bars, actions, clock};
  FakeActions provider;
  ProviderChain chain{{&provider}, clock};
  std::vector<ActionKeeper::Asked> noted;
  ActionKeeper keeper{{.actions = actions, .chain = chain, .clock = clock},
                      std::chrono::seconds(1),
                      [this](const ActionKeeper::Asked& asked) { noted.push_back(asked); }};
};

TEST_CASE_METHOD(World, "actions read back with the close before them, and are written once") {
  const std::vector<CorporateAction> told{Pays("2020-01-08", 2), FourForOne("2020-01-15"), Pays("2020-01-15", 0.5)};
  CHECK(Write(told) == 3);
  CHECK(Write(told, "tiingo") == 0);
  CHECK(Write({Pays("2020-01-08", 3)}, "tiingo") == 1);
  const std::vector<KnownAction> known = actions.List("AAPL").value();
  REQUIRE(known.size() == 3);
  CHECK(known[0].action == Pays("2020-01-08", 3));
  CHECK(known[0].close_before == Dollars(400));
  CHECK(known[1].action == told[1]);
  CHECK(known[2].action == told[2]);
  CHECK(actions.List("MSFT").value().empty());
}

TEST_CASE_METHOD(World, "prices are read as of a day: before the split's ex-date nobody knows of it") {
  Write({FourForOne("2020-01-15")});
  BarQuery query{.symbol = "AAPL", .until = Day("2020-01-15"), .limit = 2, .adjusting = Adjusting::kSplits};
  CHECK(List(query)[0].close == Dollars(100));
  CHECK(List(query)[0].volume == 400);
  query.as_of = Day("2020-01-14");
  CHECK(List(query)[0].close == Dollars(400));
  query.as_of.reset();
  query.adjusting = Adjusting::kNone;
  CHECK(List(query)[0].close == Dollars(400));
  CHECK(List(query)[0].adjusted_close == Dollars(100));
}

TEST_CASE_METHOD(World, "the week of a split is made of its adjusted days") {
  Write({FourForOne("2020-01-15")});
  const std::vector<Bar> weeks = List({.symbol = "AAPL", .interval = Interval::kWeek, .adjusting = Adjusting::kSplits});
  REQUIRE(weeks.size() == 2);
  CHECK(weeks[0].open == Dollars(100));
  CHECK(weeks[0].high == Dollars(101));
  CHECK(weeks[1].time == Day("2020-01-13"));
  CHECK(weeks[1].open == Dollars(100));
  CHECK(weeks[1].high == Dollars(104));
  CHECK(weeks[1].low == Dollars(96));
  CHECK(weeks[1].volume == 2 * 400 + 3 * 100);
}

TEST_CASE_METHOD(World, "each share is asked for once a day") {
  provider.actions = {FourForOne("2020-01-15")};
  StepUntilIdle();
  const std::size_t once = provider.asked.size();
  CHECK(once > 3);
  CHECK(actions.List("AAPL").value().size() == 1);
  StepUntilIdle();
  CHECK(provider.asked.size() == once);
  clock.Advance(std::chrono::hours(24));
  StepUntilIdle();
  CHECK(provider.asked.size() == 2 * once);
}

TEST_CASE_METHOD(World, "a provider that is away is asked again when it says so, one that refuses tomorrow") {
  provider.failure = WithRetryAfter(ProviderAway("polygon", "wants fewer requests"), 12'000);
  CHECK(keeper.Step().value() == std::chrono::seconds(12));
  CHECK(keeper.Step().value() == std::chrono::seconds(12));
  CHECK(provider.asked[0] == provider.asked[1]);
  provider.failure = ProviderRefuses("polygon", "answers 403");
  StepUntilIdle();
  CHECK_THAT(noted.back().status, HasReason(Reason::kPROVIDER_REFUSED));
  CHECK(keeper.Step().value() > std::chrono::milliseconds(0));
}

TEST_CASE_METHOD(World, "what is to come, or came this week, is told; what is long past is not") {
  Write({FourForOne("2020-01-24"), Pays("2020-01-25", 0.5), FourForOne("2020-02-03")});
  CHECK(Events() == "2");
  const auto told = Told();
  CHECK(told.symbol() == "AAPL");
  CHECK(told.exchange() == "XNAS");
  CHECK(told.ex_date().seconds() == MicrosSinceEpoch(Day("2020-02-03")) / 1'000'000);
  CHECK(told.split().numerator().micros() == 4'000'000);
  CHECK(told.revision() == 1);
  CHECK(told.foretold());
  CHECK_FALSE(told.withdrawn());
  CHECK(told.session() == 0);
  CHECK(told.source() == "polygon");
}

TEST_CASE_METHOD(World, "what is told again is told once, and what is corrected with a higher revision") {
  Write({Pays("2020-02-03", 0.5)});
  Write({Pays("2020-02-03", 0.5)}, "tiingo");
  CHECK(Events() == "1");
  Write({Pays("2020-02-03", 0.6)});
  CHECK(Events() == "2");
  CHECK(Told().revision() == 2);
  CHECK(Told().dividend().micros() == 600'000);
}

TEST_CASE_METHOD(World, "an announcement is withdrawn when who made it makes it no longer, and can come back") {
  Write({Pays("2020-01-08", 2), Pays("2020-02-03", 0.5)});
  Write({}, "tiingo");
  CHECK(Events() == "1");
  Write({});
  CHECK(Events() == "2");
  CHECK(Told().withdrawn());
  CHECK(Told().revision() == 2);
  CHECK(actions.List("AAPL").value().size() == 1);  // the one of the past stays
  Write({Pays("2020-01-08", 2), Pays("2020-02-03", 0.5)});
  CHECK_FALSE(Told().withdrawn());
  CHECK(Told().revision() == 3);
  CHECK(actions.List("AAPL").value().size() == 2);
}

TEST_CASE_METHOD(World, "an action is foretold until its day begins in New York") {
  clock.Advance(Day("2020-02-03") + std::chrono::hours(5) - std::chrono::seconds(1) - clock.Now());
  Write({Pays("2020-02-03", 0.5)});
  CHECK(Told().foretold());
  clock.Advance(std::chrono::seconds(1));
  Write({Pays("2020-02-03", 0.5), FourForOne("2020-02-03")});
  CHECK_FALSE(Told().foretold());
  Write({Pays("2020-02-03", 0.6), FourForOne("2020-02-03")});
  CHECK(Told().dividend().micros() == 600'000);
  CHECK(Told().foretold());
}

TEST_CASE_METHOD(World, "an action and its event are one transaction") {
  database.Execute(
      "create function market_data.no() returns trigger language plpgsql as "
      "$$ begin raise exception 'no'; end $$");
  database.Execute(
      "create trigger no before insert on market_data.outbox for each row "
      "execute function market_data.no()");
  CHECK_FALSE(actions.Write("AAPL", {Pays("2020-02-03", 0.5)}, "polygon", clock.Now()).ok());
  CHECK(actions.List("AAPL").value().empty());
  database.Execute("drop trigger no on market_data.outbox");
  CHECK(Write({Pays("2020-02-03", 0.5)}) == 1);
  CHECK(Events() == "1");
}

TEST_CASE_METHOD(World, "a session of the past is told of what is recorded of its days") {
  Write({Pays("2020-01-08", 2), FourForOne("2020-01-15"), Pays("2020-01-16", 1)});
  CHECK(Events() == "0");
  CHECK(actions.AnnounceTo(3, Day("2020-01-08"), Day("2020-01-15"), clock.Now()).value() == 1);
  CHECK(Told().session() == 3);
  CHECK(Told().has_split());
}

}  // namespace
}  // namespace papertape::market
