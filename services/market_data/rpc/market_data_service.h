// papertape.market_data.v1.MarketDataService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/price_history.h"
#include "services/market_data/domain/quote_book.h"
#include "services/market_data/rpc/quote_streams.h"

namespace papertape::market {

class MarketDataService final : public pb::MarketDataService::CallbackService {
 public:
  MarketDataService(rpc::Gate& gate, const QuoteBook& book, QuoteStreams& streams, InstrumentStore& instruments,
                    const PriceHistory& history)
      : gate_(gate), book_(book), streams_(streams), instruments_(instruments), history_(history) {}

  grpc::ServerUnaryReactor* GetQuote(grpc::CallbackServerContext* context, const pb::GetQuoteRequest* request,
                                     pb::Quote* reply) override;
  QuoteReactor* StreamQuotes(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListStocks(grpc::CallbackServerContext* context, const pb::ListStocksRequest* request,
                                       pb::ListStocksReply* reply) override;
  grpc::ServerUnaryReactor* ListPrices(grpc::CallbackServerContext* context, const pb::ListPricesRequest* request,
                                       pb::ListPricesReply* reply) override;
  grpc::ServerUnaryReactor* GetLatest(grpc::CallbackServerContext* context, const pb::GetLatestRequest* request,
                                      pb::Latest* reply) override;

 private:
  rpc::Gate& gate_;
  const QuoteBook& book_;
  QuoteStreams& streams_;
  InstrumentStore& instruments_;
  const PriceHistory& history_;
};

}  // namespace papertape::market
