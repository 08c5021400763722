// Books that ask the trade engine and market_data, in the caller's name.
#pragma once

#include <memory>

#include "libs/rpc/channel.h"
#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "papertape/trade_engine/v1/account_service.grpc.pb.h"
#include "papertape/trade_engine/v1/session_books_service.grpc.pb.h"
#include "papertape/trade_engine/v1/trade_service.grpc.pb.h"
#include "services/portfolio/domain/ports.h"

namespace papertape::portfolio {

// The two services. Thread-safe; lives as long as the process.
class Peers {
 public:
  Peers(rpc::PeerOptions engine, rpc::PeerOptions market, const Clock& clock);
  // What they say to the caller of `call`, which outlives the answer.
  std::unique_ptr<Books> BooksFor(const rpc::Call& call);

 private:
  friend class PeerBooks;
  rpc::Peer engine_;
  rpc::Peer market_;
  const std::unique_ptr<trade_engine::v1::TradeService::Stub> trades_;
  const std::unique_ptr<trade_engine::v1::AccountService::Stub> accounts_;
  const std::unique_ptr<trade_engine::v1::SessionBooksService::Stub> sessions_;
  const std::unique_ptr<market_data::v1::MarketDataService::Stub> quotes_;
};

}  // namespace papertape::portfolio
