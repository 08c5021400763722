// papertape.trade_engine.v1.AccountService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/account_service.grpc.pb.h"
#include "services/trade_engine/domain/engine.h"

namespace papertape::trade_engine {

class AccountService final : public v1::AccountService::CallbackService {
 public:
  AccountService(rpc::Gate& gate, Engine& engine, const CommittedView& view)
      : gate_(gate), engine_(engine), view_(view) {}

  grpc::ServerUnaryReactor* CreatePortfolio(grpc::CallbackServerContext* context,
                                            const v1::CreatePortfolioRequest* request, v1::Portfolio* reply) override;
  grpc::ServerUnaryReactor* GetPortfolio(grpc::CallbackServerContext* context, const v1::GetPortfolioRequest* request,
                                         v1::Portfolio* reply) override;

 private:
  rpc::Gate& gate_;
  Engine& engine_;
  const CommittedView& view_;
};

}  // namespace papertape::trade_engine
