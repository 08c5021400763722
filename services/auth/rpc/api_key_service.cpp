#include "services/auth/rpc/api_key_service.h"

#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/auth/rpc/api_key_messages.h"
#include "services/auth/rpc/origin.h"

namespace papertape::auth {

grpc::ServerUnaryReactor* ApiKeyService::CreateApiKey(grpc::CallbackServerContext* context,
                                                      const v1::CreateApiKeyRequest* request,
                                                      v1::CreateApiKeyReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.ApiKeyService.CreateApiKey", request, reply,
                        [this](const rpc::Call& call, const v1::CreateApiKeyRequest& in, v1::CreateApiKeyReply& out) {
                          const auto made = keys_.Create(Decode(in, call), OriginOf(call),
                                                         rpc::RepeatableAs<ApiKey, v1::ApiKey>(call));
                          if (made.ok()) Encode(*made, out);
                          return made.status();
                        });
}

grpc::ServerUnaryReactor* ApiKeyService::ListApiKeys(grpc::CallbackServerContext* context,
                                                     const v1::ListApiKeysRequest* request,
                                                     v1::ListApiKeysReply* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.ApiKeyService.ListApiKeys", request, reply,
      [this](const rpc::Call& call, const v1::ListApiKeysRequest&, v1::ListApiKeysReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::vector<ApiKey> keys, keys_.List(call.caller.user_id));
        for (const ApiKey& key : keys) Encode(key, *out.add_api_keys());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* ApiKeyService::RevokeApiKey(grpc::CallbackServerContext* context,
                                                      const v1::RevokeApiKeyRequest* request,
                                                      v1::RevokeApiKeyReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.ApiKeyService.RevokeApiKey", request, reply,
                        [this](const rpc::Call& call, const v1::RevokeApiKeyRequest& in, v1::RevokeApiKeyReply& out) {
                          out.set_message("API key revoked");
                          return keys_.Revoke(call.caller.user_id, in.id(), OriginOf(call));
                        });
}

grpc::ServerUnaryReactor* ApiKeyService::ExchangeApiKey(grpc::CallbackServerContext* context,
                                                        const v1::ExchangeApiKeyRequest* request,
                                                        v1::ExchangeApiKeyReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.ApiKeyService.ExchangeApiKey", request, reply,
                        [this](const rpc::Call&, const v1::ExchangeApiKeyRequest& in, v1::ExchangeApiKeyReply& out) {
                          const auto exchanged = keys_.Exchange(in.id(), in.secret());
                          if (exchanged.ok()) Encode(*exchanged, out);
                          return exchanged.status();
                        });
}

}  // namespace papertape::auth
