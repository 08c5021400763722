// What an ingestion does with bars that may not be true.
#include "tests/integration/market_data/an_ingestion.h"

namespace papertape::market {
namespace {

using testing::AnIngestion;
using testing::Day;

TEST_CASE_METHOD(AnIngestion, "what cannot be true is kept aside, counted in the job, and never becomes a bar") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  std::swap(history.bars["AAPL"][Day("2024-01-10")].low, history.bars["AAPL"][Day("2024-01-10")].high);
  history.bars["AAPL"].erase(Day("2024-01-11"));
  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  const IngestionTask task = Find(id).tasks.front();
  CHECK(task.added == 19);
  CHECK(task.quarantined == 1);
  CHECK(task.missing == 1);
  CHECK(tally.suspected == 1);
  CHECK(database.Execute("select concat_ws(' ', symbol, source, reason, time::date) from market_data.quarantine") ==
        "AAPL told incoherent 2024-01-10");
  // Both are gaps still: the provider may have mended them by the next time.
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  Start(January({"AAPL"}));
  Work();
  CHECK(Bars() == "21 21");
}

TEST_CASE_METHOD(AnIngestion, "a bar is measured against the one recorded before it") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  Start({.symbols = {"AAPL"}, .first_day = Day("2024-01-01"), .last_day = Day("2024-01-09")});
  Work();
  for (auto& [day, bar] : history.bars["AAPL"]) {
    if (day == Day("2024-01-10")) bar = testing::ABar(day, 900, 901, 899, 900);
  }
  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  CHECK(Find(id).total.quarantined == 1);
  CHECK(database.Execute("select reason from market_data.quarantine") == "jump");
}

TEST_CASE_METHOD(AnIngestion, "a split explains a jump, and is asked for only when there is one") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  Start({.symbols = {"AAPL"}, .first_day = Day("2024-01-01"), .last_day = Day("2024-01-09")});
  Work();
  CHECK(splits.asked == 0);
  for (auto& [day, bar] : history.bars["AAPL"]) {
    if (day >= Day("2024-01-10")) bar = testing::ABar(day, 26, 27, 25, 26);
  }
  splits.told = {{"AAPL", Day("2024-01-10"), Split{Quantity::FromUnits(4), Quantity::FromUnits(1)}}};
  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  CHECK(splits.asked == 1);
  CHECK(Find(id).total.quarantined == 0);
  CHECK(Bars() == "21 21");
}

TEST_CASE_METHOD(AnIngestion, "a jump that a recorded split explains is asked of nobody") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  for (auto& [day, bar] : history.bars["AAPL"]) {
    if (day >= Day("2024-01-10")) bar = testing::ABar(day, 26, 27, 25, 26);
  }
  splits.recorded = {{"AAPL", Day("2024-01-10"), Split{Quantity::FromUnits(4), Quantity::FromUnits(1)}}};
  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  CHECK(splits.asked == 0);
  CHECK(Find(id).total.quarantined == 0);
  CHECK(Find(id).tasks[0].remark.empty());
  CHECK(Bars() == "21 21");
}

TEST_CASE_METHOD(AnIngestion, "a jump that lasts becomes a bar, and it is said") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  for (auto& [day, bar] : history.bars["AAPL"]) {
    if (day >= Day("2024-01-10")) bar = testing::ABar(day, 300, 301, 299, 300);
  }
  // On the first day nobody can know that it lasts.
  const std::int64_t first =
      Start({.symbols = {"AAPL"}, .first_day = Day("2024-01-01"), .last_day = Day("2024-01-10")});
  Work();
  CHECK(Find(first).total.quarantined == 1);
  CHECK(database.Execute("select time::date from market_data.quarantine") == "2024-01-10");

  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  CHECK(Find(id).total.quarantined == 0);
  CHECK(Find(id).total.added == 15);
  CHECK_THAT(Find(id).tasks[0].remark, Catch::Matchers::Contains("A jump lasts and is taken: close 300 is"));
  CHECK(Bars() == "21 21");
  CHECK(database.Execute("select count(*) from market_data.quarantine") == "0");
}

TEST_CASE_METHOD(AnIngestion, "a bar that nobody believed is taken when the recorded one behind it agrees") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  for (auto& [day, bar] : history.bars["AAPL"]) {
    if (day >= Day("2024-01-10")) bar = testing::ABar(day, 300, 301, 299, 300);
  }
  Start(January({"AAPL"}));
  Work();
  database.Execute("delete from market_data.bars where time = '2024-01-10'");
  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  CHECK(history.asked.back().from == Day("2024-01-10"));
  CHECK(history.asked.back().until == Day("2024-01-10"));
  CHECK(Find(id).total.added == 1);
  CHECK(Bars() == "21 21");
}

TEST_CASE_METHOD(AnIngestion, "bars of one stretch that two have told keep their sources") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  history.others = {Day("2024-01-03"), Day("2024-01-31")};
  std::swap(history.bars["AAPL"][Day("2024-01-03")].low, history.bars["AAPL"][Day("2024-01-03")].high);
  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  CHECK(Find(id).total.added == 20);
  CHECK(Find(id).tasks[0].source == "other");  // who told the newest
  CHECK(Find(id).total.missing == 0);
  CHECK(database.Execute("select string_agg(source || ' ' || n, ', ' order by source) from (select source, count(*) n "
                         "from market_data.bars group by source) t") == "other 1, told 19");
  CHECK(database.Execute("select source from market_data.quarantine") == "other");
}

}  // namespace
}  // namespace papertape::market
