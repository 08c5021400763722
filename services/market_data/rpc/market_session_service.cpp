#include "services/market_data/rpc/market_session_service.h"

#include <algorithm>
#include <chrono>

#include "libs/status/status.h"
#include "services/market_data/rpc/market_session_messages.h"

namespace papertape::market {
namespace {

using rpc::Call;

// The answer has to get there, too.
constexpr std::chrono::milliseconds kToAnswer{500};

absl::Status Answer(const absl::StatusOr<SessionView>& view, pb::MarketSession& out) {
  PT_RETURN_IF_ERROR(view.status());
  Encode(*view, out);
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* MarketSessionService::GetMarketSession(grpc::CallbackServerContext* context,
                                                                 const pb::GetMarketSessionRequest* request,
                                                                 pb::MarketSession* reply) {
  return gate_.Inline(context, "papertape.market_data.v1.MarketSessionService.GetMarketSession", request, reply,
                      [this](const Call&, const pb::GetMarketSessionRequest&, pb::MarketSession& out) -> absl::Status {
                        return Answer(sessions_.Now(), out);
                      });
}

grpc::ServerUnaryReactor* MarketSessionService::StartReplay(grpc::CallbackServerContext* context,
                                                            const pb::StartReplayRequest* request,
                                                            pb::MarketSession* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.MarketSessionService.StartReplay", request, reply,
                        [this](const Call&, const pb::StartReplayRequest& in, pb::MarketSession& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const ReplayRange range, Decode(in));
                          return Answer(sessions_.Start(range), out);
                        });
}

grpc::ServerUnaryReactor* MarketSessionService::PauseSession(grpc::CallbackServerContext* context,
                                                             const pb::PauseSessionRequest* request,
                                                             pb::MarketSession* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.MarketSessionService.PauseSession", request, reply,
                        [this](const Call&, const pb::PauseSessionRequest&, pb::MarketSession& out) -> absl::Status {
                          return Answer(sessions_.Pause(), out);
                        });
}

grpc::ServerUnaryReactor* MarketSessionService::ResumeSession(grpc::CallbackServerContext* context,
                                                              const pb::ResumeSessionRequest* request,
                                                              pb::MarketSession* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.MarketSessionService.ResumeSession", request, reply,
                        [this](const Call&, const pb::ResumeSessionRequest&, pb::MarketSession& out) -> absl::Status {
                          return Answer(sessions_.Resume(), out);
                        });
}

grpc::ServerUnaryReactor* MarketSessionService::SetSessionSpeed(grpc::CallbackServerContext* context,
                                                                const pb::SetSessionSpeedRequest* request,
                                                                pb::MarketSession* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.MarketSessionService.SetSessionSpeed", request, reply,
      [this](const Call&, const pb::SetSessionSpeedRequest& in, pb::MarketSession& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::int64_t speed, Decode(in));
        return Answer(sessions_.SetSpeed(speed), out);
      });
}

grpc::ServerUnaryReactor* MarketSessionService::StepSession(grpc::CallbackServerContext* context,
                                                            const pb::StepSessionRequest* request,
                                                            pb::MarketSession* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.MarketSessionService.StepSession", request, reply,
      [this](const Call& call, const pb::StepSessionRequest& in, pb::MarketSession& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const SessionStep step, Decode(in));
        const auto left = std::chrono::floor<std::chrono::milliseconds>(call.deadline - clock_.Steady());
        return Answer(sessions_.Step(step, std::max(left - kToAnswer, std::chrono::milliseconds(0))), out);
      });
}

grpc::ServerUnaryReactor* MarketSessionService::EndSession(grpc::CallbackServerContext* context,
                                                           const pb::EndSessionRequest* request,
                                                           pb::MarketSession* reply) {
  return gate_.Blocking(context, "papertape.market_data.v1.MarketSessionService.EndSession", request, reply,
                        [this](const Call&, const pb::EndSessionRequest&, pb::MarketSession& out) -> absl::Status {
                          return Answer(sessions_.End(), out);
                        });
}

}  // namespace papertape::market
