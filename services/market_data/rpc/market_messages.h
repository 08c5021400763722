// Protos <-> what the domain works with. Decoding reports every wrong field at once.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "papertape/market_data/v1/market_data_service.pb.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/price_history.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {

namespace pb = market_data::v1;

absl::StatusOr<InstrumentFilter> Decode(const pb::ListStocksRequest& request);
absl::StatusOr<BarQuery> Decode(const pb::ListPricesRequest& request);

void Encode(const Quote& quote, bool stale, pb::Quote& out);
void Encode(const Instrument& instrument, pb::Stock& out);
void Encode(const BarQuery& query, const BarPage& page, pb::ListPricesReply& out);
// `book` knows which live price is stale.
void Encode(const LatestPrice& latest, const QuoteBook& book, pb::Latest& out);

}  // namespace papertape::market
