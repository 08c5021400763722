// LedgerService: the operator's look into the books.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/ledger_service.grpc.pb.h"
#include "services/trade_engine/domain/ledger.h"

namespace papertape::trade_engine {

class LedgerService : public v1::LedgerService::CallbackService {
 public:
  // Both outlive the service.
  LedgerService(rpc::Gate& gate, Ledger& ledger) : gate_(gate), ledger_(ledger) {}

  grpc::ServerUnaryReactor* VerifyLedger(grpc::CallbackServerContext* context, const v1::VerifyLedgerRequest* request,
                                         v1::VerifyLedgerReply* reply) override;
  grpc::ServerUnaryReactor* FindHeads(grpc::CallbackServerContext* context, const v1::FindHeadsRequest* request,
                                      v1::FindHeadsReply* reply) override;
  grpc::ServerUnaryReactor* CompareLedger(grpc::CallbackServerContext* context, const v1::CompareLedgerRequest* request,
                                          v1::CompareLedgerReply* reply) override;
  grpc::ServerUnaryReactor* RepairLedger(grpc::CallbackServerContext* context, const v1::RepairLedgerRequest* request,
                                         v1::RepairLedgerReply* reply) override;
  grpc::ServerUnaryReactor* ListTransfers(grpc::CallbackServerContext* context, const v1::ListTransfersRequest* request,
                                          v1::ListTransfersReply* reply) override;

 private:
  rpc::Gate& gate_;
  Ledger& ledger_;
};

}  // namespace papertape::trade_engine
