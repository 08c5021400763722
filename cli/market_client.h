// The operator's way to market_data's ingestion, called with the suite's own credential. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "libs/rpc/channel.h"
#include "papertape/market_data/v1/ingestion_operator_service.grpc.pb.h"

namespace papertape::cli {

class MarketClient {
 public:
  MarketClient(const std::string& address, const std::string& secret_key)
      : peer_({.name = "market_data", .address = address, .secret_key = secret_key, .timeout = std::chrono::minutes(1)},
              SystemClock()),
        stub_(market_data::v1::IngestionOperatorService::NewStub(peer_.channel())) {}

  absl::StatusOr<market_data::v1::AcceptedJob> Ingest(const market_data::v1::IngestStocksRequest& request) {
    return peer_.Ask<market_data::v1::AcceptedJob>(
        nullptr, [&](grpc::ClientContext& context, market_data::v1::AcceptedJob& reply) {
          return stub_->IngestForOperator(&context, request, &reply);
        });
  }
  absl::StatusOr<market_data::v1::IngestionJob> FollowJob(std::int64_t job_id) {
    market_data::v1::FollowJobRequest request;
    request.set_job_id(job_id);
    return peer_.Ask<market_data::v1::IngestionJob>(
        nullptr, [&](grpc::ClientContext& context, market_data::v1::IngestionJob& reply) {
          return stub_->FollowJob(&context, request, &reply);
        });
  }
  absl::StatusOr<market_data::v1::ImportReport> Import(const market_data::v1::ImportBarsRequest& request) {
    return peer_.Ask<market_data::v1::ImportReport>(
        nullptr, [&](grpc::ClientContext& context, market_data::v1::ImportReport& reply) {
          return stub_->ImportForOperator(&context, request, &reply);
        });
  }

 private:
  rpc::Peer peer_;
  std::unique_ptr<market_data::v1::IngestionOperatorService::Stub> stub_;
};

}  // namespace papertape::cli
