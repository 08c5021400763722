#include "services/auth/rpc/api_key_messages.h"

#include "libs/rpc/proto_types.h"

namespace papertape::auth {
namespace {

// The fields that every message about a key has.
template <class Message>
void EncodeKey(const ApiKey& key, Message& out) {
  out.set_id(key.id);
  out.set_name(key.name);
  for (const std::string& scope : key.scopes) out.add_scopes(scope);
  rpc::Encode(key.created_at, out.mutable_created_at());
  if (key.expires_at) rpc::Encode(*key.expires_at, out.mutable_expires_at());
}

}  // namespace

ApiKeyWish Decode(const v1::CreateApiKeyRequest& request, const rpc::Call& call) {
  ApiKeyWish wish{.user_id = call.caller.user_id,
                  .name = request.name(),
                  .scopes = {request.scopes().begin(), request.scopes().end()},
                  .expires_at = std::nullopt};
  if (request.has_expires_at()) wish.expires_at = rpc::Decode(request.expires_at());
  return wish;
}

void Encode(const ApiKey& key, v1::ApiKey& out) {
  EncodeKey(key, out);
  if (key.last_used_at) rpc::Encode(*key.last_used_at, out.mutable_last_used_at());
}

void Decode(const v1::ApiKey& kept, ApiKey& out) {
  out.id = kept.id();
  out.name = kept.name();
  out.scopes = {kept.scopes().begin(), kept.scopes().end()};
  out.created_at = rpc::Decode(kept.created_at());
  if (kept.has_expires_at()) out.expires_at = rpc::Decode(kept.expires_at());
}

void Encode(const NewApiKey& made, v1::CreateApiKeyReply& out) {
  EncodeKey(made.key, out);
  if (!made.secret.empty()) out.set_secret(made.secret);
}

void Encode(const KeyToken& exchanged, v1::ExchangeApiKeyReply& out) {
  out.set_access_token(exchanged.token.text);
  out.set_token_type("bearer");
  out.set_expires_in(exchanged.token.life.count());
  for (const std::string& scope : exchanged.scopes) out.add_scopes(scope);
}

}  // namespace papertape::auth
