// papertape.trade_engine.v1.JournalService: decode, keep, encode. Thread-safe.
#pragma once

#include "libs/ids/ids.h"
#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/journal_service.grpc.pb.h"
#include "services/trade_engine/domain/committed_view.h"
#include "services/trade_engine/domain/journal_watch.h"
#include "services/trade_engine/domain/trading_journal.h"

namespace papertape::trade_engine {

class JournalService final : public v1::JournalService::CallbackService {
 public:
  // Everything must outlive the service.
  struct Parts {
    TradingJournal& journal;
    JournalWatch& watch;
    const CommittedView& view;
    IdSource& ids;
  };
  JournalService(rpc::Gate& gate, Parts parts) : gate_(gate), parts_(parts) {}

  grpc::ServerUnaryReactor* CreateJournalTrade(grpc::CallbackServerContext* context,
                                               const v1::CreateJournalTradeRequest* request,
                                               v1::JournalTrade* reply) override;
  grpc::ServerUnaryReactor* ListOpenTrades(grpc::CallbackServerContext* context, const v1::ListJournalRequest* request,
                                           v1::ListJournalReply* reply) override;
  grpc::ServerUnaryReactor* ListClosedTrades(grpc::CallbackServerContext* context,
                                             const v1::ListJournalRequest* request,
                                             v1::ListJournalReply* reply) override;
  grpc::ServerUnaryReactor* CloseJournalTrade(grpc::CallbackServerContext* context,
                                              const v1::CloseJournalTradeRequest* request,
                                              v1::JournalTrade* reply) override;
  grpc::ServerUnaryReactor* DeleteJournalTrade(grpc::CallbackServerContext* context,
                                               const v1::DeleteJournalTradeRequest* request,
                                               v1::DeleteJournalTradeReply* reply) override;

 private:
  absl::Status List(const rpc::Call& call, const v1::ListJournalRequest& request, bool open,
                    v1::ListJournalReply& reply);

  rpc::Gate& gate_;
  Parts parts_;
};

}  // namespace papertape::trade_engine
