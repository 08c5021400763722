#include "services/trade_engine/domain/action_calendar.h"

#include <algorithm>
#include <random>

#include "tests/support/catch.h"

namespace papertape::trade_engine {
namespace {

CorporateAction Pays(const char* symbol, const char* day, std::int64_t cents, std::int64_t revision = 1) {
  return {.symbol = symbol,
          .exchange = "XNAS",
          .ex_date = *ParseDate(day),
          .terms = Dividend{Price::FromMicros(cents * 10'000)},
          .revision = revision};
}
CorporateAction Splits(const char* symbol, const char* day, std::int64_t revision = 1) {
  CorporateAction action = Pays(symbol, day, 0, revision);
  action.terms = Split{Quantity::FromUnits(4), Quantity::FromUnits(1)};
  return action;
}
Timestamp At(const char* time) { return *ParseRfc3339(time); }

const Timestamp kBefore = At("2026-06-01T12:00:00Z");
const Timestamp kAfter = At("2026-06-20T12:00:00Z");

std::vector<std::string> Ids(const std::vector<ActionCalendar::Due>& due) {
  std::vector<std::string> ids;
  for (const auto& one : due) ids.push_back(IdOf(one.action));
  return ids;
}

TEST_CASE("an action is due when its ex-date begins in New York, and once") {
  ActionCalendar calendar;
  calendar.Learn(Pays("AAPL", "2026-06-10", 25), kBefore);
  CHECK(calendar.next_at() == At("2026-06-10T04:00:00Z"));
  CHECK(calendar.TakeDue(At("2026-06-10T03:59:59.999999Z")).empty());
  const auto due = calendar.TakeDue(At("2026-06-10T04:00:00Z"));
  REQUIRE(due.size() == 1);
  CHECK_FALSE(due[0].late);
  calendar.Learn(Pays("AAPL", "2026-06-10", 25, 2), kAfter);
  CHECK(calendar.TakeDue(kAfter).empty());
  CHECK(calendar.next_at() == Timestamp::max());
}

TEST_CASE("of one day the dividend comes before the split, whatever came first") {
  ActionCalendar calendar;
  calendar.Learn(Splits("AAPL", "2026-06-10"), kBefore);
  calendar.Learn(Pays("MSFT", "2026-06-11", 25), kBefore);
  calendar.Learn(Pays("AAPL", "2026-06-10", 25), kBefore);
  CHECK(Ids(calendar.TakeDue(kAfter)) ==
        std::vector<std::string>{"AAPL/2026-06-10/dividend", "AAPL/2026-06-10/split", "MSFT/2026-06-11/dividend"});
}

TEST_CASE("one symbol's actions can be taken alone") {
  ActionCalendar calendar;
  calendar.Learn(Pays("AAPL", "2026-06-10", 25), kBefore);
  calendar.Learn(Pays("MSFT", "2026-06-10", 25), kBefore);
  const std::string msft = "MSFT";
  CHECK(Ids(calendar.TakeDue(kAfter, &msft)) == std::vector<std::string>{"MSFT/2026-06-10/dividend"});
  CHECK(Ids(calendar.TakeDue(kAfter)) == std::vector<std::string>{"AAPL/2026-06-10/dividend"});
}

TEST_CASE("a correction replaces what is to come, and a withdrawn action does not come") {
  ActionCalendar calendar;
  calendar.Learn(Pays("AAPL", "2026-06-10", 25), kBefore);
  calendar.Learn(Pays("AAPL", "2026-06-10", 26, 2), kBefore);
  calendar.Learn(Pays("MSFT", "2026-06-10", 10), kBefore);
  CorporateAction withdrawn = Pays("MSFT", "2026-06-10", 10, 2);
  withdrawn.withdrawn = true;
  calendar.Learn(withdrawn, kBefore);
  calendar.Learn(Pays("MSFT", "2026-06-10", 10), kBefore);  // the first once more
  const auto due = calendar.TakeDue(kAfter);
  REQUIRE(due.size() == 1);
  CHECK(std::get<Dividend>(due[0].action.terms).amount == Price::FromMicros(260'000));
}

TEST_CASE("told in any order and any number of times, the same actions are due once") {
  std::mt19937_64 random(3);
  std::vector<CorporateAction> told;
  for (const char* symbol : {"AAPL", "MSFT", "IBM"}) {
    for (std::int64_t revision = 1; revision <= 4; ++revision) {
      told.push_back(Pays(symbol, "2026-06-10", 20 + revision, revision));
      told.push_back(Splits(symbol, "2026-06-12", revision));
    }
  }
  for (int i = 0; i < 500; ++i) {
    std::vector<CorporateAction> order = told;
    order.insert(order.end(), told.begin(), told.begin() + static_cast<std::ptrdiff_t>(random() % told.size()));
    std::shuffle(order.begin(), order.end(), random);
    ActionCalendar calendar;
    for (const CorporateAction& action : order) calendar.Learn(action, kBefore);
    const auto due = calendar.TakeDue(kAfter);
    REQUIRE(due.size() == 6);
    for (const auto& one : due) CHECK(one.action.revision == 4);
    for (const CorporateAction& action : order) calendar.Learn(action, kAfter);
    CHECK(calendar.TakeDue(kAfter).empty());
  }
}

TEST_CASE("what is learned or loaded when its day has begun is late") {
  ActionCalendar calendar;
  calendar.Learn(Pays("AAPL", "2026-06-10", 25), At("2026-06-10T04:00:00Z"));
  CHECK(calendar.TakeDue(kAfter)[0].late);
  calendar.Restore({{.action = Pays("MSFT", "2026-06-10", 25)}, {.action = Pays("IBM", "2026-06-19", 25)}}, kAfter);
  for (const auto& due : calendar.TakeDue(kAfter)) CHECK(due.late);
}

TEST_CASE("quotes from before a split are void from its application on, also after a restart") {
  ActionCalendar calendar;
  calendar.Learn(Splits("AAPL", "2026-06-10"), kBefore);
  const Timestamp eve = At("2026-06-10T03:59:59Z");
  CHECK_FALSE(calendar.IsVoid("AAPL", eve));
  (void)calendar.TakeDue(At("2026-06-10T04:00:00Z"));
  CHECK(calendar.IsVoid("AAPL", eve));
  CHECK_FALSE(calendar.IsVoid("AAPL", At("2026-06-10T04:00:00Z")));
  CHECK_FALSE(calendar.IsVoid("MSFT", eve));
  ActionCalendar restarted;
  restarted.Restore({{.action = Splits("AAPL", "2026-06-10"), .applied = true}}, At("2026-06-10T05:00:00Z"));
  CHECK(restarted.IsVoid("AAPL", eve));
  CHECK(restarted.TakeDue(kAfter).empty());
}

}  // namespace
}  // namespace papertape::trade_engine
