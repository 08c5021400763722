// papertape.trade_engine.v1.TradeService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/trade_service.grpc.pb.h"
#include "services/trade_engine/domain/action_ports.h"
#include "services/trade_engine/domain/engine.h"
#include "services/trade_engine/domain/journal_watch.h"
#include "services/trade_engine/domain/quote_desk.h"
#include "services/trade_engine/domain/trading_journal.h"

namespace papertape::trade_engine {

class TradeService final : public v1::TradeService::CallbackService {
 public:
  // Everything must outlive the service.
  struct Parts {
    Engine& engine;
    const CommittedView& view;
    Archive& archive;
    ActionArchive& actions;
    QuoteDesk& quotes;
    TradingJournal& journal;
    JournalWatch& watch;
  };
  TradeService(rpc::Gate& gate, Parts parts) : gate_(gate), parts_(parts) {}

  grpc::ServerUnaryReactor* CreateTrade(grpc::CallbackServerContext* context, const v1::CreateTradeRequest* request,
                                        v1::CreateTradeReply* reply) override;
  grpc::ServerUnaryReactor* ChangeTrade(grpc::CallbackServerContext* context, const v1::ChangeTradeRequest* request,
                                        v1::Trade* reply) override;
  grpc::ServerUnaryReactor* ExitTrade(grpc::CallbackServerContext* context, const v1::ExitTradeRequest* request,
                                      v1::ExitTradeReply* reply) override;
  grpc::ServerUnaryReactor* ExitAllTrades(grpc::CallbackServerContext* context, const v1::ExitAllTradesRequest* request,
                                          v1::ExitAllTradesReply* reply) override;
  grpc::ServerUnaryReactor* GetPerformance(grpc::CallbackServerContext* context,
                                           const v1::GetPerformanceRequest* request, v1::Performance* reply) override;
  grpc::ServerUnaryReactor* ListTrades(grpc::CallbackServerContext* context, const v1::ListTradesRequest* request,
                                       v1::ListTradesReply* reply) override;
  grpc::ServerUnaryReactor* GetTrade(grpc::CallbackServerContext* context, const v1::GetTradeRequest* request,
                                     v1::Trade* reply) override;
  grpc::ServerUnaryReactor* GetReceipt(grpc::CallbackServerContext* context, const v1::GetReceiptRequest* request,
                                       v1::Receipt* reply) override;
  grpc::ServerUnaryReactor* ListStockOrders(grpc::CallbackServerContext* context,
                                            const v1::ListStockOrdersRequest* request,
                                            v1::ListStockOrdersReply* reply) override;

 private:
  void EncodeLive(const JournalEntry& entry, v1::Trade& out) const;
  // Does what is left of a change, and answers the whole trade. `out` and `call` belong to the running call.
  void ChangeInJournal(const rpc::Call& call, const ChangeEntry& change, v1::Trade& out,
                       std::function<void(const absl::Status&)> done);
  // `done`, which tells a trade that is closed from one that never was.
  [[nodiscard]] std::function<void(const absl::Status&)> Explaining(std::function<void(const absl::Status&)> done,
                                                                    std::int64_t user_id, std::string trade_id);
  absl::Status WhyNotActive(const absl::Status& refused, std::int64_t user_id, const std::string& trade_id);

  rpc::Gate& gate_;
  Parts parts_;
};

}  // namespace papertape::trade_engine
