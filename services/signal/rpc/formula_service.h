// papertape.signal.v1.FormulaService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/signal/v1/formula_service.grpc.pb.h"
#include "services/signal/domain/catalog.h"

namespace papertape::signal {

class FormulaService final : public v1::FormulaService::CallbackService {
 public:
  FormulaService(rpc::Gate& gate, Catalog& catalog) : gate_(gate), catalog_(catalog) {}
  grpc::ServerUnaryReactor* ListFormulas(grpc::CallbackServerContext* context, const v1::ListFormulasRequest* request,
                                         v1::ListFormulasReply* reply) override;

 private:
  rpc::Gate& gate_;
  Catalog& catalog_;
};

}  // namespace papertape::signal
