// papertape.trade_engine.v1.SetupService: decode, keep, encode. Thread-safe.
#pragma once

#include "libs/ids/ids.h"
#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/setup_service.grpc.pb.h"
#include "services/trade_engine/domain/setup.h"

namespace papertape::trade_engine {

class SetupService final : public v1::SetupService::CallbackService {
 public:
  // Everything must outlive the service.
  struct Parts {
    SetupStore& setups;
    IdSource& ids;
    const Clock& clock;
  };
  SetupService(rpc::Gate& gate, Parts parts) : gate_(gate), parts_(parts) {}

  grpc::ServerUnaryReactor* CreateSetup(grpc::CallbackServerContext* context, const v1::CreateSetupRequest* request,
                                        v1::Setup* reply) override;
  grpc::ServerUnaryReactor* ListSetups(grpc::CallbackServerContext* context, const v1::ListSetupsRequest* request,
                                       v1::ListSetupsReply* reply) override;
  grpc::ServerUnaryReactor* GetSetup(grpc::CallbackServerContext* context, const v1::GetSetupRequest* request,
                                     v1::Setup* reply) override;
  grpc::ServerUnaryReactor* UpdateSetup(grpc::CallbackServerContext* context, const v1::UpdateSetupRequest* request,
                                        v1::Setup* reply) override;
  grpc::ServerUnaryReactor* DeleteSetup(grpc::CallbackServerContext* context, const v1::DeleteSetupRequest* request,
                                        v1::DeleteSetupReply* reply) override;

 private:
  rpc::Gate& gate_;
  Parts parts_;
};

}  // namespace papertape::trade_engine
