// The service over gRPC: who may call what, and that an administrator's request becomes a job.
#include "services/market_data/rpc/ingestion_service.h"

#include "libs/auth/token.h"
#include "libs/rpc/metadata.h"
#include "libs/scheduler/pg_schedule_store.h"
#include "services/market_data/rpc/ingestion_operator_service.h"
#include "services/market_data/store/pg_import_store.h"
#include "services/market_data/store/pg_ingestion_jobs.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/integration/market_data/told_history.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"

namespace papertape::market {
namespace {

using papertape::testing::CallWith;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::RpcServer;
using testing::MarketDatabase;
using testing::ToldHistory;

struct NoSplits final : SplitHistory {
  std::vector<CorporateAction> Recorded(const std::string& /*symbol*/, Timestamp /*from*/,
                                        Timestamp /*until*/) override {
    return {};
  }
  std::vector<CorporateAction> Asked(const Instrument& /*instrument*/, Timestamp /*from*/, Timestamp /*until*/,
                                     Instant /*deadline*/) override {
    return {};
  }
};
struct Uncounted final : IngestionTally {
  void Wrote(std::string_view /*source*/, const Written& /*written*/) override {}
  void Suspected(const std::vector<Suspect>& /*suspects*/) override {}
  void Finished(TaskState /*state*/) override {}
};

struct AnIngestionService : MarketDatabase {
  ToldHistory history;
  NoSplits splits;
  Uncounted tally;
  PgIngestionJobs jobs{*pool};
  PgImportStore imported{*pool};
  scheduler::PgScheduleStore schedule_store{*pool};
  scheduler::Scheduler schedules{schedule_store, SystemClock(), scheduler::HashedJitter(1), {}};
  Ingestion ingestion{
      {.jobs = jobs, .instruments = instruments, .history = history, .clock = SystemClock(), .wake = [] {}}};
  BarImport import{{.instruments = instruments,
                    .bars = bars,
                    .splits = splits,
                    .store = imported,
                    .tally = tally,
                    .clock = SystemClock()},
                   40};
  RpcServer server;
  rpc::WorkerPool importers{1, 8};
  IngestionService service{server.gate(), importers, ingestion, import, schedules, SystemClock()};
  IngestionOperatorService for_operator{server.gate(), importers, ingestion, import, SystemClock()};
  std::unique_ptr<pb::IngestionService::Stub> stub;

  AnIngestionService() {
    schedules.Add({.name = kEndOfDaySchedule,
                   .trigger = *scheduler::Trigger::Parse("22:00 UTC on trading days of XNYS"),
                   .job = [](const scheduler::Run&) -> absl::StatusOr<std::string> { return "by itself"; }});
    REQUIRE_THAT(schedules.Start(), IsOk());
    server.Start({&service, &for_operator});
    stub = pb::IngestionService::NewStub(server.channel());
  }
  std::string Admin() const {
    const auth::TokenKeys keys{.algorithm = "HS256", .secret = RpcServer::kSecretKey};
    return *auth::TokenSigner(keys, SystemClock())
                .Sign({.user_id = 7, .role = auth::Role::kAdmin, .token_id = "t", .session_id = "s"},
                      std::chrono::minutes(5));
  }
};

TEST_CASE_METHOD(AnIngestionService, "an administrator's request becomes a job that can be read, listed and canceled") {
  pb::IngestStocksRequest request;
  request.add_symbols("aapl");
  pb::AcceptedJob job;
  REQUIRE_THAT(CallWith(Admin(), [&](auto& context) { return stub->IngestStocks(&context, request, &job); }), IsOk());
  CHECK(job.status() == "queued");
  CHECK(job.symbols(0) == "AAPL");
  CHECK(job.start() == "2000-01-01");

  pb::GetJobRequest one;
  one.set_job_id(job.job_id());
  pb::IngestionJob found;
  REQUIRE_THAT(CallWith(Admin(), [&](auto& context) { return stub->GetJob(&context, one, &found); }), IsOk());
  CHECK(found.requested_by() == 7);
  CHECK(found.tasks(0).status() == "waiting");
  pb::ListJobsReply list;
  REQUIRE_THAT(CallWith(Admin(), [&](auto& context) { return stub->ListJobs(&context, {}, &list); }), IsOk());
  CHECK(list.total() == 1);
  pb::CancelJobRequest cancel;
  cancel.set_job_id(job.job_id());
  REQUIRE_THAT(CallWith(Admin(), [&](auto& context) { return stub->CancelJob(&context, cancel, &found); }), IsOk());
  CHECK(found.status() == "canceled");
  one.set_job_id(99);
  CHECK_THAT(CallWith(Admin(), [&](auto& context) { return stub->GetJob(&context, one, &found); }),
             HasReason(Reason::kNOT_FOUND));
}

TEST_CASE_METHOD(AnIngestionService, "the schedule runs by hand and its history says so") {
  history.Tell("AAPL", "2024-01-01", "2024-01-31");
  pb::AcceptedJob job;
  REQUIRE_THAT(CallWith(Admin(), [&](auto& context) { return stub->IngestScheduled(&context, {}, &job); }), IsOk());
  CHECK(job.job_id() > 0);
  pb::ListSchedulesReply schedules_now;
  REQUIRE_THAT(CallWith(Admin(), [&](auto& context) { return stub->ListSchedules(&context, {}, &schedules_now); }),
               IsOk());
  REQUIRE(schedules_now.schedules_size() == 1);
  CHECK(schedules_now.schedules(0).trigger() == "22:00 UTC on trading days of XNYS");
  REQUIRE(schedules_now.schedules(0).runs_size() == 1);
  CHECK(schedules_now.schedules(0).runs(0).by_hand());
  CHECK(schedules_now.schedules(0).runs(0).status() == "done");
  CHECK(schedules_now.schedules(0).runs(0).requested_by() == 7);
}

TEST_CASE_METHOD(AnIngestionService, "users may not ingest, strangers see what is available, the operator may do all") {
  const std::string user = server.TokenFor(8);
  pb::IngestStocksRequest request;
  request.add_symbols("AAPL");
  pb::AcceptedJob job;
  const auto ingest = [&](auto& context) { return stub->IngestStocks(&context, request, &job); };
  CHECK_THAT(CallWith(user, ingest), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(CallWith("", ingest), HasReason(Reason::kUNAUTHENTICATED));
  pb::ListAvailableReply available;
  CHECK_THAT(CallWith("", [&](auto& context) { return stub->ListAvailable(&context, {}, &available); }), IsOk());

  const auto operators = pb::IngestionOperatorService::NewStub(server.channel());
  const auto as_operator = [&](auto& context) { return operators->IngestForOperator(&context, request, &job); };
  CHECK_THAT(CallWith(Admin(), as_operator), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(CallWith("",
                      [&](auto& context) {
                        context.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(RpcServer::kSecretKey));
                        return as_operator(context);
                      }),
             IsOk());
}

}  // namespace
}  // namespace papertape::market
