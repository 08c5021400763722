#include "services/trade_engine/clients/grpc_quote_source.h"

#include "libs/rpc/proto_types.h"

namespace papertape::trade_engine {

Quote ToQuote(const market_data::v1::Quote& wire) {
  Quote quote{.symbol = wire.symbol(),
              .last = rpc::Decode<Price>(wire.price()),
              .time = rpc::Decode(wire.timestamp()),
              .source = wire.source()};
  if (wire.has_bid()) quote.bid = rpc::Decode<Price>(wire.bid());
  if (wire.has_ask()) quote.ask = rpc::Decode<Price>(wire.ask());
  return quote;
}

absl::StatusOr<Quote> GrpcQuoteSource::Ask(const std::string& symbol, Instant deadline) {
  rpc::Call call;
  call.deadline = deadline;
  market_data::v1::GetQuoteRequest request;
  request.set_symbol(symbol);
  auto reply = peer_.Ask<market_data::v1::Quote>(&call, [&](grpc::ClientContext& context, market_data::v1::Quote& out) {
    return stub_->GetQuote(&context, request, &out);
  });
  if (!reply.ok()) return reply.status();
  return ToQuote(*reply);
}

}  // namespace papertape::trade_engine
