// papertape.auth.v1.AuthService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/auth/v1/auth_service.grpc.pb.h"
#include "services/auth/domain/accounts.h"

namespace papertape::auth {

class AuthService final : public v1::AuthService::CallbackService {
 public:
  AuthService(rpc::Gate& gate, Accounts& accounts) : gate_(gate), accounts_(accounts) {}

  grpc::ServerUnaryReactor* Register(grpc::CallbackServerContext* context, const v1::RegisterRequest* request,
                                     v1::RegisterReply* reply) override;
  grpc::ServerUnaryReactor* Login(grpc::CallbackServerContext* context, const v1::LoginRequest* request,
                                  v1::LoginReply* reply) override;
  grpc::ServerUnaryReactor* GetMe(grpc::CallbackServerContext* context, const v1::GetMeRequest* request,
                                  v1::Me* reply) override;
  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context, const v1::VerifyTokenRequest* request,
                                        v1::VerifyTokenReply* reply) override;

 private:
  rpc::Gate& gate_;
  Accounts& accounts_;
};

}  // namespace papertape::auth
