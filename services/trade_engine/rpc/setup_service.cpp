#include "services/trade_engine/rpc/setup_service.h"

#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/trade_engine/rpc/setup_messages.h"

namespace papertape::trade_engine {

grpc::ServerUnaryReactor* SetupService::CreateSetup(grpc::CallbackServerContext* context,
                                                    const v1::CreateSetupRequest* request, v1::Setup* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.SetupService.CreateSetup", request, reply,
      [this](const rpc::Call& call, const v1::CreateSetupRequest& in, v1::Setup& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const SetupText text, Decode(in));
        const Timestamp now = parts_.clock.Now();
        const Setup setup{.setup_id = parts_.ids.Next(),
                          .user_id = call.caller.user_id,
                          .text = text,
                          .created_at = now,
                          .updated_at = now};
        PT_ASSIGN_OR_RETURN(const Setup added, parts_.setups.Add(setup, rpc::RepeatableAs<Setup, v1::Setup>(call)));
        Encode(added, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* SetupService::ListSetups(grpc::CallbackServerContext* context,
                                                   const v1::ListSetupsRequest* request, v1::ListSetupsReply* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.SetupService.ListSetups", request, reply,
      [this](const rpc::Call& call, const v1::ListSetupsRequest& in, v1::ListSetupsReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::vector<Setup> setups, parts_.setups.List(call.caller.user_id, in.tag()));
        for (const Setup& setup : setups) Encode(setup, *out.add_setups());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* SetupService::GetSetup(grpc::CallbackServerContext* context,
                                                 const v1::GetSetupRequest* request, v1::Setup* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.SetupService.GetSetup", request, reply,
                        [this](const rpc::Call& call, const v1::GetSetupRequest& in, v1::Setup& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(const Setup setup, parts_.setups.Find(call.caller.user_id, in.id()));
                          Encode(setup, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* SetupService::UpdateSetup(grpc::CallbackServerContext* context,
                                                    const v1::UpdateSetupRequest* request, v1::Setup* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.SetupService.UpdateSetup", request, reply,
      [this](const rpc::Call& call, const v1::UpdateSetupRequest& in, v1::Setup& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const SetupText text, Decode(in));
        PT_ASSIGN_OR_RETURN(const Setup setup,
                            parts_.setups.Replace(call.caller.user_id, in.id(), text, parts_.clock.Now(),
                                                  rpc::RepeatableAs<Setup, v1::Setup>(call)));
        Encode(setup, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* SetupService::DeleteSetup(grpc::CallbackServerContext* context,
                                                    const v1::DeleteSetupRequest* request,
                                                    v1::DeleteSetupReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.SetupService.DeleteSetup", request, reply,
                        [this](const rpc::Call& call, const v1::DeleteSetupRequest& in, v1::DeleteSetupReply&) {
                          return parts_.setups
                              .Delete(call.caller.user_id, in.id(), parts_.clock.Now(),
                                      rpc::RepeatableAs<Setup, v1::Setup>(call))
                              .status();
                        });
}

}  // namespace papertape::trade_engine
