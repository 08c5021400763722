// The API key protos <-> the domain.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/auth/v1/api_key_service.pb.h"
#include "services/auth/domain/api_keys.h"

namespace papertape::auth {

ApiKeyWish Decode(const v1::CreateApiKeyRequest& request, const rpc::Call& call);
void Encode(const ApiKey& key, v1::ApiKey& out);
void Decode(const v1::ApiKey& kept, ApiKey& out);
void Encode(const NewApiKey& made, v1::CreateApiKeyReply& out);
void Encode(const KeyToken& exchanged, v1::ExchangeApiKeyReply& out);

}  // namespace papertape::auth
