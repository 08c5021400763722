// What the admin's routes and the operator's program ask alike.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/ingestion_service.pb.h"
#include "services/market_data/domain/bar_import.h"
#include "services/market_data/domain/ingestion.h"

namespace papertape::market {

namespace pb = market_data::v1;

absl::Status StartIngestion(Ingestion& ingestion, const rpc::Call& call, Timestamp now,
                            const pb::IngestStocksRequest& in, pb::AcceptedJob& out);
absl::Status FindJob(Ingestion& ingestion, std::int64_t job_id, pb::IngestionJob& out);
absl::Status RunImport(BarImport& import, const rpc::Call& call, const pb::ImportBarsRequest& in,
                       pb::ImportReport& out);

}  // namespace papertape::market
