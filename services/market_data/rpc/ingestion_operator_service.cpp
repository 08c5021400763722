#include "services/market_data/rpc/ingestion_operator_service.h"

#include "services/market_data/rpc/ingestion_calls.h"

namespace papertape::market {

using rpc::Call;

grpc::ServerUnaryReactor* IngestionOperatorService::IngestForOperator(grpc::CallbackServerContext* context,
                                                                      const pb::IngestStocksRequest* request,
                                                                      pb::AcceptedJob* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IngestionOperatorService.IngestForOperator", request, reply,
      [this](const Call& call, const pb::IngestStocksRequest& in, pb::AcceptedJob& out) -> absl::Status {
        return StartIngestion(ingestion_, call, clock_.Now(), in, out);
      });
}

grpc::ServerUnaryReactor* IngestionOperatorService::FollowJob(grpc::CallbackServerContext* context,
                                                              const pb::FollowJobRequest* request,
                                                              pb::IngestionJob* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.IngestionOperatorService.FollowJob", request, reply,
                        [this](const Call&, const pb::FollowJobRequest& in, pb::IngestionJob& out) -> absl::Status {
                          return FindJob(ingestion_, in.job_id(), out);
                        });
}

grpc::ServerUnaryReactor* IngestionOperatorService::ImportForOperator(grpc::CallbackServerContext* context,
                                                                      const pb::ImportBarsRequest* request,
                                                                      pb::ImportReport* reply) {
  return gate_.BlockingOn(importers_, context, "papertape.market_data.v1.IngestionOperatorService.ImportForOperator",
                          request, reply,
                          [this](const Call& call, const pb::ImportBarsRequest& in,
                                 pb::ImportReport& out) -> absl::Status { return RunImport(import_, call, in, out); });
}

}  // namespace papertape::market
