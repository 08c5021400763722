// papertape.auth.v1.ApiKeyService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/auth/v1/api_key_service.grpc.pb.h"
#include "services/auth/domain/api_keys.h"

namespace papertape::auth {

class ApiKeyService final : public v1::ApiKeyService::CallbackService {
 public:
  ApiKeyService(rpc::Gate& gate, ApiKeys& keys) : gate_(gate), keys_(keys) {}

  grpc::ServerUnaryReactor* CreateApiKey(grpc::CallbackServerContext* context, const v1::CreateApiKeyRequest* request,
                                         v1::CreateApiKeyReply* reply) override;
  grpc::ServerUnaryReactor* ListApiKeys(grpc::CallbackServerContext* context, const v1::ListApiKeysRequest* request,
                                        v1::ListApiKeysReply* reply) override;
  grpc::ServerUnaryReactor* RevokeApiKey(grpc::CallbackServerContext* context, const v1::RevokeApiKeyRequest* request,
                                         v1::RevokeApiKeyReply* reply) override;
  grpc::ServerUnaryReactor* ExchangeApiKey(grpc::CallbackServerContext* context,
                                           const v1::ExchangeApiKeyRequest* request,
                                           v1::ExchangeApiKeyReply* reply) override;

 private:
  rpc::Gate& gate_;
  ApiKeys& keys_;
};

}  // namespace papertape::auth
