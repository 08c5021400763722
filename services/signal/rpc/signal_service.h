// papertape.signal.v1.SignalService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/signal/v1/signal_service.grpc.pb.h"
#include "services/signal/domain/catalog.h"

namespace papertape::signal {

class SignalService final : public v1::SignalService::CallbackService {
 public:
  SignalService(rpc::Gate& gate, Catalog& catalog) : gate_(gate), catalog_(catalog) {}
  grpc::ServerUnaryReactor* ListSignals(grpc::CallbackServerContext* context, const v1::ListSignalsRequest* request,
                                        v1::ListSignalsReply* reply) override;

 private:
  rpc::Gate& gate_;
  Catalog& catalog_;
};

}  // namespace papertape::signal
