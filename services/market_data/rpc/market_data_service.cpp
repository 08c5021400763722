#include "services/market_data/rpc/market_data_service.h"

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "services/market_data/rpc/market_messages.h"

namespace papertape::market {

using rpc::Call;

grpc::ServerUnaryReactor* MarketDataService::GetQuote(grpc::CallbackServerContext* context,
                                                      const pb::GetQuoteRequest* request, pb::Quote* reply) {
  return gate_.Inline(context, "papertape.market_data.v1.MarketDataService.GetQuote", request, reply,
                      [this](const Call&, const pb::GetQuoteRequest& in, pb::Quote& out) -> absl::Status {
                        PT_ASSIGN_OR_RETURN(const Quote quote, book_.Get(in.symbol()));
                        Encode(quote, book_.IsStale(quote), out);
                        return absl::OkStatus();
                      });
}

QuoteReactor* MarketDataService::StreamQuotes(grpc::CallbackServerContext* context) {
  auto visit = gate_.Enter(context, "papertape.market_data.v1.MarketDataService.StreamQuotes");
  return visit.ok() ? streams_.Open(*std::move(visit)) : QuoteStreams::Refuse(visit.status());
}

grpc::ServerUnaryReactor* MarketDataService::ListStocks(grpc::CallbackServerContext* context,
                                                        const pb::ListStocksRequest* request,
                                                        pb::ListStocksReply* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.MarketDataService.ListStocks", request, reply,
                        [this](const Call&, const pb::ListStocksRequest& in, pb::ListStocksReply& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const InstrumentFilter filter, Decode(in));
                          PT_ASSIGN_OR_RETURN(const InstrumentPage page, instruments_.List(filter));
                          for (const Instrument& instrument : page.instruments) Encode(instrument, *out.add_stocks());
                          rpc::EncodePage(rpc::PageOf(in), page.total, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* MarketDataService::ListPrices(grpc::CallbackServerContext* context,
                                                        const pb::ListPricesRequest* request,
                                                        pb::ListPricesReply* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.MarketDataService.ListPrices", request, reply,
                        [this](const Call&, const pb::ListPricesRequest& in, pb::ListPricesReply& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const BarQuery query, Decode(in));
                          PT_ASSIGN_OR_RETURN(const BarPage page, history_.List(query));
                          Encode(query, page, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* MarketDataService::GetLatest(grpc::CallbackServerContext* context,
                                                       const pb::GetLatestRequest* request, pb::Latest* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.MarketDataService.GetLatest", request, reply,
                        [this](const Call&, const pb::GetLatestRequest& in, pb::Latest& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const LatestPrice latest, history_.Latest(in.symbol()));
                          Encode(latest, book_, out);
                          return absl::OkStatus();
                        });
}

}  // namespace papertape::market
