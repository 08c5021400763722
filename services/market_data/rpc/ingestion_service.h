// papertape.market_data.v1.IngestionService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "libs/scheduler/scheduler.h"
#include "papertape/market_data/v1/ingestion_service.grpc.pb.h"
#include "services/market_data/domain/bar_import.h"
#include "services/market_data/domain/ingestion.h"

namespace papertape::market {

namespace pb = market_data::v1;

// The schedule that IngestScheduled runs by hand.
inline constexpr char kEndOfDaySchedule[] = "eod";

class IngestionService final : public pb::IngestionService::CallbackService {
 public:
  // `importers` run imports, which hold large requests, and nothing else.
  IngestionService(rpc::Gate& gate, rpc::WorkerPool& importers, Ingestion& ingestion, BarImport& import,
                   scheduler::Scheduler& schedules, const Clock& clock)
      : gate_(gate),
        importers_(importers),
        ingestion_(ingestion),
        import_(import),
        schedules_(schedules),
        clock_(clock) {}

  grpc::ServerUnaryReactor* IngestStocks(grpc::CallbackServerContext* context, const pb::IngestStocksRequest* request,
                                         pb::AcceptedJob* reply) override;
  grpc::ServerUnaryReactor* IngestScheduled(grpc::CallbackServerContext* context,
                                            const pb::IngestScheduledRequest* request, pb::AcceptedJob* reply) override;
  grpc::ServerUnaryReactor* ListSchedules(grpc::CallbackServerContext* context, const pb::ListSchedulesRequest* request,
                                          pb::ListSchedulesReply* reply) override;
  grpc::ServerUnaryReactor* ImportBars(grpc::CallbackServerContext* context, const pb::ImportBarsRequest* request,
                                       pb::ImportReport* reply) override;
  grpc::ServerUnaryReactor* ListJobs(grpc::CallbackServerContext* context, const pb::ListJobsRequest* request,
                                     pb::ListJobsReply* reply) override;
  grpc::ServerUnaryReactor* GetJob(grpc::CallbackServerContext* context, const pb::GetJobRequest* request,
                                   pb::IngestionJob* reply) override;
  grpc::ServerUnaryReactor* CancelJob(grpc::CallbackServerContext* context, const pb::CancelJobRequest* request,
                                      pb::IngestionJob* reply) override;
  grpc::ServerUnaryReactor* ListAvailable(grpc::CallbackServerContext* context, const pb::ListAvailableRequest* request,
                                          pb::ListAvailableReply* reply) override;

 private:
  rpc::Gate& gate_;
  rpc::WorkerPool& importers_;
  Ingestion& ingestion_;
  BarImport& import_;
  scheduler::Scheduler& schedules_;
  const Clock& clock_;
};

}  // namespace papertape::market
