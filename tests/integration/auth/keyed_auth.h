// auth's services of keys and roles as wiring.cpp builds them, on a database of the test's own, with one user, Ann.
#pragma once

#include "libs/auth/keyed_hash.h"
#include "migrations/auth_store.h"
#include "papertape/auth/v1/admin_service.grpc.pb.h"
#include "papertape/auth/v1/api_key_service.grpc.pb.h"
#include "services/auth/clients/jwt_issuer.h"
#include "services/auth/clients/stream_end_notice.h"
#include "services/auth/domain/sessions.h"
#include "services/auth/rpc/admin_service.h"
#include "services/auth/rpc/api_key_service.h"
#include "services/auth/store/pg_api_key_store.h"
#include "services/auth/store/pg_audit_reader.h"
#include "services/auth/store/pg_role_store.h"
#include "services/auth/store/pg_session_store.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::auth::testing {

class KeyedAuth {
 public:
  KeyedAuth() {
    StoredUser stored;
    stored.user.email = "ann@example.com";
    stored.user.username = "ann";
    stored.password_hash = "hash";
    ann = *users_.Insert(stored, {}, {.action = deed::kRegistered});
    server.Start({&key_service_, &admin_service_});
    keys = v1::ApiKeyService::NewStub(server.channel());
    admin = v1::AdminService::NewStub(server.channel());
  }
  ~KeyedAuth() { server.Stop(); }
  KeyedAuth(const KeyedAuth&) = delete;
  KeyedAuth& operator=(const KeyedAuth&) = delete;

  // Ann signs in; the token says what she is now.
  std::string SignIn() {
    const auto now = users_.FindById(ann.id);
    return sessions_.Open(**now, "password", {})->token.text;
  }
  absl::Status Create(const std::string& bearer, const v1::CreateApiKeyRequest& request, v1::CreateApiKeyReply& reply,
                      const std::string& key = "") {
    return papertape::testing::CallWith(bearer, [&](grpc::ClientContext& context) {
      if (!key.empty()) context.AddMetadata("idempotency-key", key);
      return keys->CreateApiKey(&context, request, &reply);
    });
  }
  absl::Status Exchange(const std::string& id, const std::string& secret, v1::ExchangeApiKeyReply& reply) {
    v1::ExchangeApiKeyRequest request;
    request.set_id(id);
    request.set_secret(secret);
    return papertape::testing::CallWith(
        "", [&](grpc::ClientContext& context) { return keys->ExchangeApiKey(&context, request, &reply); });
  }
  absl::Status List(const std::string& bearer, v1::ListApiKeysReply& reply) {
    return papertape::testing::CallWith(
        bearer, [&](grpc::ClientContext& context) { return keys->ListApiKeys(&context, {}, &reply); });
  }
  absl::Status Revoke(const std::string& bearer, const std::string& id) {
    v1::RevokeApiKeyRequest request;
    request.set_id(id);
    v1::RevokeApiKeyReply reply;
    return papertape::testing::CallWith(
        bearer, [&](grpc::ClientContext& context) { return keys->RevokeApiKey(&context, request, &reply); });
  }
  // As the command line does: with the suite's credential, unless `bearer` is somebody's.
  absl::Status SetRole(const std::string& email, const std::string& role, v1::SetRoleReply& reply,
                       const std::string& bearer = "") {
    v1::SetRoleRequest request;
    request.set_email(email);
    request.set_role(role);
    return papertape::testing::CallWith(bearer, [&](grpc::ClientContext& context) {
      if (bearer.empty()) context.AddMetadata("x-papertape-service", Credential());
      return admin->SetRole(&context, request, &reply);
    });
  }
  static std::string Credential() { return ServiceCredential(papertape::testing::RpcServer::kSecretKey); }

  papertape::testing::RpcServer server;
  const papertape::testing::TestDatabase database;
  User ann;
  std::unique_ptr<v1::ApiKeyService::Stub> keys;
  std::unique_ptr<v1::AdminService::Stub> admin;

 private:
  const std::unique_ptr<pg::Pool> pool_ = database.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail_{papertape::testing::RpcServer::kSecretKey, SystemClock()};
  IdSource ids_{SystemClock(), SystemRandom()};
  PgUserStore users_{*pool_, trail_};
  PgSessionStore session_store_{*pool_, ids_, trail_};
  PgApiKeyStore key_store_{*pool_, ids_, trail_};
  PgRoleStore role_store_{*pool_, ids_, trail_};
  PgAuditReader audit_reader_{*pool_, trail_};
  const TokenSigner signer_{{.secret = papertape::testing::RpcServer::kSecretKey}, SystemClock()};
  JwtIssuer tokens_{signer_, std::chrono::minutes(10), SystemRandom()};
  StreamEndNotice notice_{server.revocations(), [] {}};
  Sessions sessions_{{.store = session_store_,
                      .tokens = tokens_,
                      .notice = notice_,
                      .clock = SystemClock(),
                      .random = SystemRandom(),
                      .digest = Digest},
                     std::chrono::hours(24 * 7)};
  ApiKeys api_keys_{{.store = key_store_,
                     .tokens = tokens_,
                     .notice = notice_,
                     .clock = SystemClock(),
                     .random = SystemRandom(),
                     .digest = Digest}};
  Administration administration_{{.users = users_,
                                  .roles = role_store_,
                                  .audit = audit_reader_,
                                  .tokens = tokens_,
                                  .notice = notice_,
                                  .clock = SystemClock()}};
  ApiKeyService key_service_{server.gate(), api_keys_};
  AdminService admin_service_{server.gate(), administration_};
};

}  // namespace papertape::auth::testing
