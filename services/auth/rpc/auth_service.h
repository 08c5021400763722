// papertape.auth.v1.AuthService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/auth/token_keys.h"
#include "libs/rpc/gate.h"
#include "papertape/auth/v1/auth_service.grpc.pb.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/domain/sessions.h"

namespace papertape::auth {

class AuthService final : public v1::AuthService::CallbackService {
 public:
  // `keys` are those that verify tokens.
  AuthService(rpc::Gate& gate, Accounts& accounts, Sessions& sessions, const TokenKeys& keys);

  grpc::ServerUnaryReactor* Register(grpc::CallbackServerContext* context, const v1::RegisterRequest* request,
                                     v1::RegisterReply* reply) override;
  grpc::ServerUnaryReactor* Login(grpc::CallbackServerContext* context, const v1::LoginRequest* request,
                                  v1::LoginReply* reply) override;
  grpc::ServerUnaryReactor* Refresh(grpc::CallbackServerContext* context, const v1::RefreshRequest* request,
                                    v1::LoginReply* reply) override;
  grpc::ServerUnaryReactor* Logout(grpc::CallbackServerContext* context, const v1::LogoutRequest* request,
                                   v1::LogoutReply* reply) override;
  grpc::ServerUnaryReactor* GetJwks(grpc::CallbackServerContext* context, const v1::GetJwksRequest* request,
                                    v1::Jwks* reply) override;
  grpc::ServerUnaryReactor* ChangePassword(grpc::CallbackServerContext* context,
                                           const v1::ChangePasswordRequest* request,
                                           v1::ChangePasswordReply* reply) override;
  grpc::ServerUnaryReactor* UpdateMe(grpc::CallbackServerContext* context, const v1::UpdateMeRequest* request,
                                     v1::Me* reply) override;
  grpc::ServerUnaryReactor* GetMe(grpc::CallbackServerContext* context, const v1::GetMeRequest* request,
                                  v1::Me* reply) override;
  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context, const v1::VerifyTokenRequest* request,
                                        v1::VerifyTokenReply* reply) override;

 private:
  rpc::Gate& gate_;
  Accounts& accounts_;
  Sessions& sessions_;
  v1::Jwks jwks_;
};

}  // namespace papertape::auth
