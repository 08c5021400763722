// ImportBars' messages <-> domain/bar_import.h. Decoding reports every wrong field at once.
#pragma once

#include "absl/status/statusor.h"
#include "papertape/market_data/v1/ingestion_service.pb.h"
#include "services/market_data/domain/bar_import.h"

namespace papertape::market {

namespace pb = market_data::v1;

// Borrows the file from the request.
absl::StatusOr<ImportRequest> Decode(const pb::ImportBarsRequest& request);

void Encode(const ImportReport& report, pb::ImportReport& out);
// What Encode has written.
void Decode(const pb::ImportReport& reply, ImportReport& out);

}  // namespace papertape::market
