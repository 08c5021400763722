// papertape.auth.v1.AuthService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/auth/token_keys.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/worker_pool.h"
#include "papertape/auth/v1/auth_service.grpc.pb.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/domain/code_sign_in.h"
#include "services/auth/domain/one_time_codes.h"
#include "services/auth/domain/sessions.h"

namespace papertape::auth {

class AuthService final : public v1::AuthService::CallbackService {
 public:
  struct Parts {
    Accounts& accounts;
    Sessions& sessions;
    OneTimeCodes& codes;
    CodeSignIn& code_sign_in;
    rpc::WorkerPool& password_workers;
  };
  // What hashes passwords runs on `password_workers` and keeps nothing else waiting. `keys` are those that verify
  // tokens.
  AuthService(rpc::Gate& gate, Parts parts, const TokenKeys& keys);

  grpc::ServerUnaryReactor* Register(grpc::CallbackServerContext* context, const v1::RegisterRequest* request,
                                     v1::RegisterReply* reply) override;
  grpc::ServerUnaryReactor* Login(grpc::CallbackServerContext* context, const v1::LoginRequest* request,
                                  v1::LoginReply* reply) override;
  grpc::ServerUnaryReactor* Refresh(grpc::CallbackServerContext* context, const v1::RefreshRequest* request,
                                    v1::LoginReply* reply) override;
  grpc::ServerUnaryReactor* Logout(grpc::CallbackServerContext* context, const v1::LogoutRequest* request,
                                   v1::LogoutReply* reply) override;
  grpc::ServerUnaryReactor* RequestOtp(grpc::CallbackServerContext* context, const v1::RequestOtpRequest* request,
                                       v1::RequestOtpReply* reply) override;
  grpc::ServerUnaryReactor* ResetPassword(grpc::CallbackServerContext* context, const v1::ResetPasswordRequest* request,
                                          v1::ResetPasswordReply* reply) override;
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
  absl::StatusOr<Session> SignInWith(const v1::LoginRequest& request, const Origin& from);

  rpc::Gate& gate_;
  Accounts& accounts_;
  Sessions& sessions_;
  OneTimeCodes& codes_;
  CodeSignIn& code_sign_in_;
  rpc::WorkerPool& password_workers_;
  v1::Jwks jwks_;
};

}  // namespace papertape::auth
