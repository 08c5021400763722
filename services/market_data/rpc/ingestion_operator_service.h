// papertape.market_data.v1.IngestionOperatorService: what the operator's own program asks. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/ingestion_operator_service.grpc.pb.h"
#include "services/market_data/domain/bar_import.h"
#include "services/market_data/domain/ingestion.h"

namespace papertape::market {

namespace pb = market_data::v1;

class IngestionOperatorService final : public pb::IngestionOperatorService::CallbackService {
 public:
  // `importers` are those of IngestionService.
  IngestionOperatorService(rpc::Gate& gate, rpc::WorkerPool& importers, Ingestion& ingestion, BarImport& import,
                           const Clock& clock)
      : gate_(gate), importers_(importers), ingestion_(ingestion), import_(import), clock_(clock) {}

  grpc::ServerUnaryReactor* IngestForOperator(grpc::CallbackServerContext* context,
                                              const pb::IngestStocksRequest* request, pb::AcceptedJob* reply) override;
  grpc::ServerUnaryReactor* FollowJob(grpc::CallbackServerContext* context, const pb::FollowJobRequest* request,
                                      pb::IngestionJob* reply) override;
  grpc::ServerUnaryReactor* ImportForOperator(grpc::CallbackServerContext* context,
                                              const pb::ImportBarsRequest* request, pb::ImportReport* reply) override;

 private:
  rpc::Gate& gate_;
  rpc::WorkerPool& importers_;
  Ingestion& ingestion_;
  BarImport& import_;
  const Clock& clock_;
};

}  // namespace papertape::market
