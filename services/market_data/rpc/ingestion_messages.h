// IngestionService's protos <-> domain/ingestion_job.h. Decoding reports every wrong field at once.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/calendar/calendar.h"
#include "libs/rpc/proto_types.h"
#include "libs/scheduler/scheduler.h"
#include "papertape/market_data/v1/ingestion_service.pb.h"
#include "services/market_data/domain/ingestion_job.h"

namespace papertape::market {

namespace pb = market_data::v1;

// What the request leaves out: the first day that the calendars cover, and the day of `now`.
absl::StatusOr<IngestionRequest> Decode(const pb::IngestStocksRequest& request, std::int64_t user_id, Timestamp now);

void Encode(const IngestionJob& job, pb::AcceptedJob& out);
void Encode(const IngestionJob& job, pb::IngestionJob& out);
void Encode(const std::vector<scheduler::Scheduler::Status>& schedules, pb::ListSchedulesReply& out);
void Encode(const JobPage& page, const rpc::Page& asked, pb::ListJobsReply& out);
void Encode(const std::vector<AvailableSymbol>& all, const rpc::Page& asked, pb::ListAvailableReply& out);

}  // namespace papertape::market
