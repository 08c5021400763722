// papertape.market_data.v1.MarketSessionService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/market_session_service.grpc.pb.h"
#include "services/market_data/domain/market_sessions.h"

namespace papertape::market {

namespace pb = market_data::v1;

class MarketSessionService final : public pb::MarketSessionService::CallbackService {
 public:
  MarketSessionService(rpc::Gate& gate, MarketSessions& sessions, const Clock& clock)
      : gate_(gate), sessions_(sessions), clock_(clock) {}

  grpc::ServerUnaryReactor* GetMarketSession(grpc::CallbackServerContext* context,
                                             const pb::GetMarketSessionRequest* request,
                                             pb::MarketSession* reply) override;
  grpc::ServerUnaryReactor* StartReplay(grpc::CallbackServerContext* context, const pb::StartReplayRequest* request,
                                        pb::MarketSession* reply) override;
  grpc::ServerUnaryReactor* PauseSession(grpc::CallbackServerContext* context, const pb::PauseSessionRequest* request,
                                         pb::MarketSession* reply) override;
  grpc::ServerUnaryReactor* ResumeSession(grpc::CallbackServerContext* context, const pb::ResumeSessionRequest* request,
                                          pb::MarketSession* reply) override;
  grpc::ServerUnaryReactor* SetSessionSpeed(grpc::CallbackServerContext* context,
                                            const pb::SetSessionSpeedRequest* request,
                                            pb::MarketSession* reply) override;
  grpc::ServerUnaryReactor* StepSession(grpc::CallbackServerContext* context, const pb::StepSessionRequest* request,
                                        pb::MarketSession* reply) override;
  grpc::ServerUnaryReactor* EndSession(grpc::CallbackServerContext* context, const pb::EndSessionRequest* request,
                                       pb::MarketSession* reply) override;

 private:
  rpc::Gate& gate_;
  MarketSessions& sessions_;
  const Clock& clock_;  // the machine's
};

}  // namespace papertape::market
