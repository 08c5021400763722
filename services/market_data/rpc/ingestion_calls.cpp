#include "services/market_data/rpc/ingestion_calls.h"

#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/market_data/rpc/import_messages.h"
#include "services/market_data/rpc/ingestion_messages.h"
#include "services/market_data/rpc/job_number.h"

namespace papertape::market {

absl::Status StartIngestion(Ingestion& ingestion, const rpc::Call& call, Timestamp now,
                            const pb::IngestStocksRequest& in, pb::AcceptedJob& out) {
  PT_ASSIGN_OR_RETURN(const IngestionRequest asked, Decode(in, call.caller.user_id, now));
  PT_ASSIGN_OR_RETURN(const IngestionJob job, ingestion.Start(asked, RepeatableJob(rpc::KeyOf(call))));
  Encode(job, out);
  return absl::OkStatus();
}

absl::Status FindJob(Ingestion& ingestion, std::int64_t job_id, pb::IngestionJob& out) {
  PT_ASSIGN_OR_RETURN(const IngestionJob job, ingestion.Find(job_id));
  Encode(job, out);
  return absl::OkStatus();
}

absl::Status RunImport(BarImport& import, const rpc::Call& call, const pb::ImportBarsRequest& in,
                       pb::ImportReport& out) {
  PT_ASSIGN_OR_RETURN(const ImportRequest asked, Decode(in));
  const auto repeatable = rpc::RepeatableAs<ImportReport, pb::ImportReport>(call);
  PT_ASSIGN_OR_RETURN(const ImportReport report, import.Run(asked, repeatable));
  Encode(report, out);
  return absl::OkStatus();
}

}  // namespace papertape::market
