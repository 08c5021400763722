// papertape.portfolio.v1.PortfolioService: decode, decide, encode. Thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "libs/rpc/gate.h"
#include "papertape/portfolio/v1/portfolio_service.grpc.pb.h"
#include "services/portfolio/domain/ports.h"

namespace papertape::portfolio {

class PortfolioService final : public v1::PortfolioService::CallbackService {
 public:
  // Opens the books for one call. Thread-safe.
  using OpenBooks = std::function<std::unique_ptr<Books>(const rpc::Call&)>;
  PortfolioService(rpc::Gate& gate, OpenBooks open_books) : gate_(gate), open_books_(std::move(open_books)) {}

  grpc::ServerUnaryReactor* ListCurrentPositions(grpc::CallbackServerContext* context,
                                                 const v1::ListCurrentPositionsRequest* request,
                                                 v1::ListCurrentPositionsReply* reply) override;
  grpc::ServerUnaryReactor* GetStats(grpc::CallbackServerContext* context, const v1::GetStatsRequest* request,
                                     v1::Stats* reply) override;

 private:
  rpc::Gate& gate_;
  const OpenBooks open_books_;
};

}  // namespace papertape::portfolio
