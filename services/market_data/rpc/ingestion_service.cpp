#include "services/market_data/rpc/ingestion_service.h"

#include <algorithm>

#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/market_data/rpc/ingestion_calls.h"
#include "services/market_data/rpc/ingestion_messages.h"
#include "services/market_data/rpc/job_number.h"

namespace papertape::market {

using rpc::Call;

grpc::ServerUnaryReactor* IngestionService::IngestStocks(grpc::CallbackServerContext* context,
                                                         const pb::IngestStocksRequest* request,
                                                         pb::AcceptedJob* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IngestionService.IngestStocks", request, reply,
      [this](const Call& call, const pb::IngestStocksRequest& in, pb::AcceptedJob& out) -> absl::Status {
        return StartIngestion(ingestion_, call, clock_.Now(), in, out);
      });
}

grpc::ServerUnaryReactor* IngestionService::IngestScheduled(grpc::CallbackServerContext* context,
                                                            const pb::IngestScheduledRequest* request,
                                                            pb::AcceptedJob* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IngestionService.IngestScheduled", request, reply,
      [this](const Call& call, const pb::IngestScheduledRequest&, pb::AcceptedJob& out) -> absl::Status {
        const auto run = [&](const scheduler::Run& by_hand) -> absl::StatusOr<std::string> {
          PT_ASSIGN_OR_RETURN(const IngestionJob job, ingestion_.Start(Ingestion::Plan::kEndOfDay, by_hand.requested_by,
                                                                       RepeatableJob(rpc::KeyOf(call))));
          Encode(job, out);
          return Describe(job);
        };
        return schedules_.RunNow(kEndOfDaySchedule, call.caller.user_id, run).status();
      });
}

grpc::ServerUnaryReactor* IngestionService::ListSchedules(grpc::CallbackServerContext* context,
                                                          const pb::ListSchedulesRequest* request,
                                                          pb::ListSchedulesReply* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IngestionService.ListSchedules", request, reply,
      [this](const Call&, const pb::ListSchedulesRequest& in, pb::ListSchedulesReply& out) -> absl::Status {
        constexpr std::int32_t kDefaultRuns = 5;
        constexpr std::int32_t kMostRuns = 200;
        const std::int32_t runs = in.runs() > 0 ? std::min(in.runs(), kMostRuns) : kDefaultRuns;
        PT_ASSIGN_OR_RETURN(const auto schedules, schedules_.Statuses(runs));
        Encode(schedules, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* IngestionService::ImportBars(grpc::CallbackServerContext* context,
                                                       const pb::ImportBarsRequest* request, pb::ImportReport* reply) {
  return gate_.BlockingOn(importers_, context, "papertape.market_data.v1.IngestionService.ImportBars", request, reply,
                          [this](const Call& call, const pb::ImportBarsRequest& in,
                                 pb::ImportReport& out) -> absl::Status { return RunImport(import_, call, in, out); });
}

grpc::ServerUnaryReactor* IngestionService::ListJobs(grpc::CallbackServerContext* context,
                                                     const pb::ListJobsRequest* request, pb::ListJobsReply* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.IngestionService.ListJobs", request, reply,
                        [this](const Call&, const pb::ListJobsRequest& in, pb::ListJobsReply& out) -> absl::Status {
                          const rpc::Page asked = rpc::PageOf(in);
                          PT_ASSIGN_OR_RETURN(const JobPage page, ingestion_.List(asked.offset, asked.size));
                          Encode(page, asked, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* IngestionService::GetJob(grpc::CallbackServerContext* context,
                                                   const pb::GetJobRequest* request, pb::IngestionJob* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.IngestionService.GetJob", request, reply,
                        [this](const Call&, const pb::GetJobRequest& in, pb::IngestionJob& out) -> absl::Status {
                          return FindJob(ingestion_, in.job_id(), out);
                        });
}

grpc::ServerUnaryReactor* IngestionService::CancelJob(grpc::CallbackServerContext* context,
                                                      const pb::CancelJobRequest* request, pb::IngestionJob* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.IngestionService.CancelJob", request, reply,
                        [this](const Call&, const pb::CancelJobRequest& in, pb::IngestionJob& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const IngestionJob job, ingestion_.Cancel(in.job_id()));
                          Encode(job, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* IngestionService::ListAvailable(grpc::CallbackServerContext* context,
                                                          const pb::ListAvailableRequest* request,
                                                          pb::ListAvailableReply* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IngestionService.ListAvailable", request, reply,
      [this](const Call&, const pb::ListAvailableRequest& in, pb::ListAvailableReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::vector<AvailableSymbol> all, ingestion_.Available());
        Encode(all, rpc::PageOf(in), out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::market
