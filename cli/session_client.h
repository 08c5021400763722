// The operator's way to the market's sessions and to what the trade engine made of them, called with the suite's own
// credential. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "libs/rpc/channel.h"
#include "papertape/market_data/v1/market_session_service.grpc.pb.h"
#include "papertape/trade_engine/v1/session_books_service.grpc.pb.h"

namespace papertape::cli {

class SessionClient {
 public:
  using Session = market_data::v1::MarketSession;
  using Market = market_data::v1::MarketSessionService::Stub;
  using Books = trade_engine::v1::SessionBooksService::Stub;

  SessionClient(const std::string& market_address, const std::string& engine_address, const std::string& secret_key)
      : market_peer_({.name = "market_data",
                      .address = market_address,
                      .secret_key = secret_key,
                      .timeout = std::chrono::minutes(1)},
                     SystemClock()),
        engine_peer_({.name = "trade_engine",
                      .address = engine_address,
                      .secret_key = secret_key,
                      .timeout = std::chrono::minutes(1)},
                     SystemClock()),
        market_(market_data::v1::MarketSessionService::NewStub(market_peer_.channel())),
        books_(trade_engine::v1::SessionBooksService::NewStub(engine_peer_.channel())) {}

  template <class Request>
  absl::StatusOr<Session> Ask(grpc::Status (Market::*method)(grpc::ClientContext*, const Request&, Session*),
                              const Request& request = {}) {
    return market_peer_.Ask<Session>(nullptr, [&](grpc::ClientContext& context, Session& reply) {
      return (market_.get()->*method)(&context, request, &reply);
    });
  }
  absl::StatusOr<trade_engine::v1::OpenBooks> OpenBooks() {
    return engine_peer_.Ask<trade_engine::v1::OpenBooks>(
        nullptr, [&](grpc::ClientContext& context, trade_engine::v1::OpenBooks& reply) {
          return books_->GetOpenBooks(&context, {}, &reply);
        });
  }
  absl::StatusOr<trade_engine::v1::SessionDigest> Digest(std::int64_t session) {
    trade_engine::v1::GetSessionDigestRequest request;
    request.set_session(session);
    return engine_peer_.Ask<trade_engine::v1::SessionDigest>(
        nullptr, [&](grpc::ClientContext& context, trade_engine::v1::SessionDigest& reply) {
          return books_->GetSessionDigest(&context, request, &reply);
        });
  }

 private:
  rpc::Peer market_peer_;
  rpc::Peer engine_peer_;
  std::unique_ptr<Market> market_;
  std::unique_ptr<Books> books_;
};

}  // namespace papertape::cli
