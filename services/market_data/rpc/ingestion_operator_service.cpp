#include "services/market_data/rpc/ingestion_operator_service.h"

#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/market_data/rpc/import_messages.h"
#include "services/market_data/rpc/ingestion_messages.h"
#include "services/market_data/rpc/job_number.h"

namespace papertape::market {

using rpc::Call;

grpc::ServerUnaryReactor* IngestionOperatorService::IngestForOperator(grpc::CallbackServerContext* context,
                                                                      const pb::IngestStocksRequest* request,
                                                                      pb::AcceptedJob* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IngestionOperatorService.IngestForOperator", request, reply,
      [this](const Call& call, const pb::IngestStocksRequest& in, pb::AcceptedJob& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const IngestionRequest asked, Decode(in, call.caller.user_id, clock_.Now()));
        PT_ASSIGN_OR_RETURN(const IngestionJob job, ingestion_.Start(asked, RepeatableJob(call)));
        Encode(job, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* IngestionOperatorService::FollowJob(grpc::CallbackServerContext* context,
                                                              const pb::FollowJobRequest* request,
                                                              pb::IngestionJob* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.IngestionOperatorService.FollowJob", request, reply,
                        [this](const Call&, const pb::FollowJobRequest& in, pb::IngestionJob& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const IngestionJob job, ingestion_.Find(in.job_id()));
                          Encode(job, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* IngestionOperatorService::ImportForOperator(grpc::CallbackServerContext* context,
                                                                      const pb::ImportBarsRequest* request,
                                                                      pb::ImportReport* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IngestionOperatorService.ImportForOperator", request, reply,
      [this](const Call& call, const pb::ImportBarsRequest& in, pb::ImportReport& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const ImportRequest asked, Decode(in));
        const auto repeatable = rpc::RepeatableAs<ImportReport, pb::ImportReport>(call);
        PT_ASSIGN_OR_RETURN(const ImportReport report, import_.Run(asked, repeatable));
        Encode(report, out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::market
