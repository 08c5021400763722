#include "services/market_data/domain/ingestion.h"

#include "tests/integration/market_data/an_ingestion.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::AnIngestion;
using testing::Day;
using testing::Dollars;

TEST_CASE_METHOD(AnIngestion, "a job adds a bar of every session, and says so symbol by symbol") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  history.Tell("MSFT", "2024-01-01", "2024-01-31");
  const std::int64_t id = Start(January({"AAPL", "MSFT"}));
  CHECK(JobStateName(Find(id).counts) == "queued");
  Work();
  const IngestionJob job = Find(id);
  CHECK(JobStateName(job.counts) == "done");
  CHECK(job.share_done == 1);
  CHECK(job.total.added == 42);
  REQUIRE(job.tasks.size() == 2);
  CHECK(job.tasks[0].symbol == "AAPL");
  CHECK(job.tasks[0].sessions == 21);
  CHECK(job.tasks[0].sessions_asked == 21);
  CHECK(job.tasks[0].added == 21);
  CHECK(job.tasks[0].source == "told");
  CHECK(job.tasks[0].started_at);
  CHECK(job.tasks[0].finished_at);
  CHECK(Bars() == "42 42");
  CHECK(tally.added == 42);
  CHECK(history.asked.size() == 2);
}

TEST_CASE_METHOD(AnIngestion, "a second job asks nobody for what is there") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  Start(January({"AAPL"}));
  Work();
  history.asked.clear();
  const std::int64_t id = Start(January({"AAPL"}));
  Work();
  CHECK(history.asked.empty());
  CHECK(JobStateName(Find(id).counts) == "done");
  CHECK(Find(id).total.added == 0);
}

TEST_CASE_METHOD(AnIngestion, "only the gaps are asked for, and what lies between is left as it is") {
  history.Tell("AAPL", "2024-01-01", "2024-03-31");
  Start({.symbols = {"AAPL"}, .first_day = Day("2024-01-01"), .last_day = Day("2024-03-31")});
  Work();
  database.Execute("delete from market_data.bars where time in ('2024-01-03', '2024-01-10', '2024-03-28')");
  history.bars["AAPL"][Day("2024-01-05")].close = Dollars(100.5);
  history.asked.clear();
  const std::int64_t id = Start({.symbols = {"AAPL"}, .first_day = Day("2024-01-01"), .last_day = Day("2024-03-31")});
  Work();
  REQUIRE(history.asked.size() == 2);
  CHECK(history.asked[0].from == Day("2024-01-03"));
  CHECK(history.asked[0].until == Day("2024-01-10"));
  CHECK(history.asked[1].from == Day("2024-03-28"));
  CHECK(Find(id).total.sessions == 3);
  CHECK(Find(id).total.added == 3);
  CHECK(database.Execute("select close from market_data.bars where time = '2024-01-05'") == "103.000000");
}

TEST_CASE_METHOD(AnIngestion, "corrected bars of the last days are overwritten and counted, older ones are not") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  Start(January({"AAPL"}));
  Work();
  for (const char* const day : {"2024-01-05", "2024-01-30"}) {
    history.bars["AAPL"][Day(day)].high = Dollars(500);
    history.bars["AAPL"][Day(day)].volume = 77;
  }
  IngestionRequest request = January({"AAPL"});
  request.correct_from = Day("2024-01-25");
  const std::int64_t id = Start(request);
  Work();
  CHECK(Find(id).total.corrected == 1);
  CHECK(Find(id).total.added == 0);
  CHECK(Find(id).total.sessions == 5);
  CHECK(database.Execute("select string_agg(time::date::text, ' ') from market_data.bars where volume = 77") ==
        "2024-01-30");
}

TEST_CASE_METHOD(AnIngestion, "an outage is tried again and is not the end; too many are, with their reason") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  const absl::Status away = Error(Reason::kPROVIDER_UNAVAILABLE, "told answers 503.");
  history.failures = {away, away};
  const std::int64_t patient = Start(January({"AAPL"}));
  Work();
  CHECK(JobStateName(Find(patient).counts) == "done");
  CHECK(Find(patient).tasks[0].error_code.empty());

  history.failures = {5, away};
  const std::int64_t given_up =
      Start({.symbols = {"MSFT"}, .first_day = Day("2024-01-01"), .last_day = Day("2024-01-31")});
  Work();
  CHECK(JobStateName(Find(given_up).counts) == "failed");
  CHECK(Find(given_up).tasks[0].error_code == "PROVIDER_UNAVAILABLE");
  CHECK(Find(given_up).tasks[0].remark == "told answers 503.");
  CHECK(tally.finished == std::vector{TaskState::kDone, TaskState::kFailed});
}

TEST_CASE_METHOD(AnIngestion, "who was passed over is still said when the job is done") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  options.gaps.most_sessions = 5;
  history.remark = "another answers 503.";
  const std::int64_t id = Start(January({"AAPL"}));
  IngestionWorker worker = Worker();
  for (int step = 0; step < 3; ++step) REQUIRE_THAT(worker.Step().status(), IsOk());  // taken, and two chunks written
  worker.LetGo();
  Work();
  CHECK(JobStateName(Find(id).counts) == "done");
  CHECK(Find(id).tasks[0].remark == "another answers 503.");
}

TEST_CASE_METHOD(AnIngestion, "a refusal ends a symbol at once and leaves the others alone") {
  history.Tell("MSFT", "2024-01-01", "2024-01-31");
  history.failures = {Error(Reason::kPROVIDER_REFUSED)};
  const std::int64_t id = Start(January({"AAPL", "MSFT"}));
  Work();
  const IngestionJob job = Find(id);
  CHECK(JobStateName(job.counts) == "partial");
  CHECK(job.tasks[0].error_code == "PROVIDER_REFUSED");
  CHECK(job.tasks[1].added == 21);
}

TEST_CASE_METHOD(AnIngestion, "a symbol that the catalogue lacks makes no job, nor does an unknown provider") {
  CHECK_THAT(ingestion.Start(January({"AAPL", "NOBODY"}), {}).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
  IngestionRequest request = January({"AAPL"});
  request.provider = "nobody";
  CHECK_THAT(ingestion.Start(request, {}).status(), papertape::testing::NamesField("provider"));
  CHECK(ingestion.List(0, 10)->total == 0);
}

TEST_CASE_METHOD(AnIngestion, "a canceled job stops between chunks; what was written stays") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  options.gaps.most_sessions = 5;
  const std::int64_t id = Start(January({"AAPL", "MSFT"}));
  IngestionWorker worker = Worker();
  for (int step = 0; step < 3; ++step) REQUIRE_THAT(worker.Step().status(), IsOk());  // taken, and two chunks written
  REQUIRE_THAT(ingestion.Cancel(id).status(), IsOk());
  Work(std::move(worker));
  const IngestionJob job = Find(id);
  CHECK(JobStateName(job.counts) == "canceled");
  CHECK(job.counts.canceled == 2);
  CHECK(Bars() == "10 10");
  // Again, and of a job that is over: nothing happens.
  CHECK(ingestion.Cancel(id)->canceled_at == job.canceled_at);
  CHECK_THAT(ingestion.Cancel(id + 1).status(), HasReason(Reason::kNOT_FOUND));
}

TEST_CASE_METHOD(AnIngestion, "a worker whose lease has ended writes nothing; its successor leaves no gap") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  options.gaps.most_sessions = 5;
  options.lease = 0ms;
  const std::int64_t id = Start(January({"AAPL"}));
  IngestionWorker slow = Worker();
  REQUIRE_THAT(slow.Step().status(), IsOk());
  REQUIRE_THAT(slow.Step().status(), IsOk());
  IngestionWorker quick = Worker();
  REQUIRE_THAT(quick.Step().status(), IsOk());
  const std::string before = Bars();
  REQUIRE_THAT(slow.Step().status(), IsOk());  // refused, and it gives up
  CHECK(Bars() == before);
  Work(std::move(quick));
  CHECK(Bars() == "21 21");
  CHECK(Find(id).total.added == 21);
  CHECK(Find(id).total.sessions_asked == 21);
}

TEST_CASE_METHOD(AnIngestion, "a worker that lets go is followed at once") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  options.gaps.most_sessions = 5;
  const std::int64_t id = Start(January({"AAPL"}));
  IngestionWorker first = Worker();
  REQUIRE_THAT(first.Step().status(), IsOk());
  REQUIRE_THAT(first.Step().status(), IsOk());
  Work();  // somebody else has it
  CHECK(Find(id).total.added == 5);
  first.LetGo();
  Work();
  CHECK(Find(id).total.added == 21);
  CHECK(JobStateName(Find(id).counts) == "done");
}

TEST_CASE_METHOD(AnIngestion, "bars that come by another way meanwhile are neither lost nor doubled") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  const std::int64_t id = Start(January({"AAPL"}));
  IngestionWorker worker = Worker();
  REQUIRE_THAT(worker.Step().status(), IsOk());  // the gaps are known
  const std::vector<Bar> imported{testing::ABar(Day("2024-01-09"), 1, 1, 1, 1)};
  REQUIRE_THAT(bars.AddMissing("AAPL", Interval::kDay, imported, "import").status(), IsOk());
  Work(std::move(worker));
  CHECK(Bars() == "21 21");
  CHECK(Find(id).total.added == 20);
  CHECK(database.Execute("select source from market_data.bars where time = '2024-01-09'") == "import");
}

TEST_CASE_METHOD(AnIngestion,
                 "the end of the day fills the last thirty days, the corrections ask for seven once more") {
  history.Tell("AAPL", "2024-01-01", "2024-06-30");
  history.Tell("MSFT", "2024-01-01", "2024-06-30");
  const auto evening = ingestion.Start(Ingestion::Plan::kEndOfDay, 0, {});
  REQUIRE_THAT(evening.status(), IsOk());
  CHECK(evening->request.cause == IngestionRequest::Cause::kSchedule);
  CHECK(evening->tasks.size() == 2);  // those that somebody knows
  Work();
  // From May 6 to June 4: the session of June 5 is not over.
  CHECK(Find(evening->id).total.added == 42);
  history.bars["AAPL"][Day("2024-06-03")].volume = 5;
  history.bars["AAPL"][Day("2024-05-20")].volume = 5;
  const auto morning = ingestion.Start(Ingestion::Plan::kCorrections, 0, {});
  REQUIRE_THAT(morning.status(), IsOk());
  Work();
  CHECK(Find(morning->id).total.corrected == 1);
  CHECK(Find(morning->id).total.added == 0);
}

TEST_CASE_METHOD(AnIngestion, "where nobody knows anything nothing is scheduled") {
  CHECK_THAT(ingestion.Start(Ingestion::Plan::kEndOfDay, 0, {}).status(), HasReason(Reason::kPROVIDER_UNAVAILABLE));
}

TEST_CASE_METHOD(AnIngestion, "the same Idempotency-Key makes one job") {
  const auto key = [](const char* fingerprint) {
    return idempotency::Repeatable<std::int64_t>{
        .key = {.user_id = 7, .text = "k", .fingerprint = fingerprint},
        .encode = [](const std::int64_t& id) { return std::to_string(id); },
        .decode = [](std::string_view text) { return std::int64_t{text.front() - '0'}; }};
  };
  const auto first = ingestion.Start(January({"AAPL"}), key("a"));
  REQUIRE_THAT(first.status(), IsOk());
  CHECK(ingestion.Start(January({"AAPL"}), key("a"))->id == first->id);
  CHECK_THAT(ingestion.Start(January({"MSFT"}), key("b")).status(), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  CHECK(ingestion.List(0, 10)->total == 1);
}

TEST_CASE_METHOD(AnIngestion, "what is available is counted by symbol, again after some seconds") {
  history.Tell("MSFT", "2024-01-01", "2024-01-31");
  CHECK(ingestion.Available()->empty());
  Start(January({"MSFT"}));
  Work();
  CHECK(ingestion.Available()->empty());
  clock.Advance(Ingestion::kCountFor);
  const auto available = ingestion.Available();
  REQUIRE(available->size() == 1);
  CHECK(available->front().symbol == "MSFT");
  CHECK(available->front().first_day == Day("2024-01-02"));
  CHECK(available->front().last_day == Day("2024-01-31"));
  CHECK(available->front().bars == 21);
}

}  // namespace
}  // namespace papertape::market
