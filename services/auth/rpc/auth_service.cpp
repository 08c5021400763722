#include "services/auth/rpc/auth_service.h"

#include "libs/rpc/proto_types.h"
#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/auth/rpc/auth_messages.h"
#include "services/auth/rpc/origin.h"

namespace papertape::auth {

AuthService::AuthService(rpc::Gate& gate, Parts parts, const TokenKeys& keys)
    : gate_(gate),
      accounts_(parts.accounts),
      sessions_(parts.sessions),
      codes_(parts.codes),
      code_sign_in_(parts.code_sign_in),
      password_workers_(parts.password_workers) {
  Encode(PublicKeys(keys), keys.algorithm, jwks_);
}

grpc::ServerUnaryReactor* AuthService::Register(grpc::CallbackServerContext* context,
                                                const v1::RegisterRequest* request, v1::RegisterReply* reply) {
  return gate_.BlockingOn(password_workers_, context, "papertape.auth.v1.AuthService.Register", request, reply,
                          [this](const rpc::Call& call, const v1::RegisterRequest& in, v1::RegisterReply& out) {
                            const auto user = accounts_.Register(Decode(in), OriginOf(call),
                                                                 rpc::RepeatableAs<User, v1::RegisterReply>(call));
                            if (user.ok()) Encode(*user, out);
                            return user.status();
                          });
}

grpc::ServerUnaryReactor* AuthService::Login(grpc::CallbackServerContext* context, const v1::LoginRequest* request,
                                             v1::LoginReply* reply) {
  return gate_.BlockingOn(
      password_workers_, context, "papertape.auth.v1.AuthService.Login", request, reply,
      [this](const rpc::Call& call, const v1::LoginRequest& in, v1::LoginReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const Session session, SignInWith(in, OriginOf(call)));
        Encode(session, out);
        return absl::OkStatus();
      });
}

absl::StatusOr<Session> AuthService::SignInWith(const v1::LoginRequest& request, const Origin& from) {
  PT_RETURN_IF_ERROR(Check(request));
  if (request.otp().empty()) return accounts_.Login(DecodeSignIn(request), from);
  return code_sign_in_.Login(DecodeCodeLogin(request), from);
}

grpc::ServerUnaryReactor* AuthService::RequestOtp(grpc::CallbackServerContext* context,
                                                  const v1::RequestOtpRequest* request, v1::RequestOtpReply* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.AuthService.RequestOtp", request, reply,
      [this](const rpc::Call&, const v1::RequestOtpRequest& in, v1::RequestOtpReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::chrono::seconds life, codes_.Send(in.email()));
        out.set_message("A code is on its way, if mail can reach the address");
        out.set_expires_in(life.count());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AuthService::ResetPassword(grpc::CallbackServerContext* context,
                                                     const v1::ResetPasswordRequest* request,
                                                     v1::ResetPasswordReply* reply) {
  return gate_.BlockingOn(
      password_workers_, context, "papertape.auth.v1.AuthService.ResetPassword", request, reply,
      [this](const rpc::Call& call, const v1::ResetPasswordRequest& in, v1::ResetPasswordReply& out) {
        out.set_message("Password changed");
        return code_sign_in_.ResetPassword(Decode(in), OriginOf(call));
      });
}

grpc::ServerUnaryReactor* AuthService::Refresh(grpc::CallbackServerContext* context, const v1::RefreshRequest* request,
                                               v1::LoginReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.AuthService.Refresh", request, reply,
                        [this](const rpc::Call& call, const v1::RefreshRequest& in, v1::LoginReply& out) {
                          const auto session = sessions_.Refresh(RefreshTokenOf(in, call), OriginOf(call));
                          if (session.ok()) Encode(*session, out);
                          return session.status();
                        });
}

grpc::ServerUnaryReactor* AuthService::Logout(grpc::CallbackServerContext* context, const v1::LogoutRequest* request,
                                              v1::LogoutReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.AuthService.Logout", request, reply,
                        [this](const rpc::Call& call, const v1::LogoutRequest& in, v1::LogoutReply& out) {
                          out.set_message("Logged out");
                          return sessions_.Close(call.caller.user_id, call.caller.session_id, in.refresh_token(),
                                                 OriginOf(call));
                        });
}

grpc::ServerUnaryReactor* AuthService::GetJwks(grpc::CallbackServerContext* context, const v1::GetJwksRequest* request,
                                               v1::Jwks* reply) {
  return gate_.Inline(context, "papertape.auth.v1.AuthService.GetJwks", request, reply,
                      [this](const rpc::Call&, const v1::GetJwksRequest&, v1::Jwks& out) {
                        out = jwks_;
                        return absl::OkStatus();
                      });
}

grpc::ServerUnaryReactor* AuthService::ChangePassword(grpc::CallbackServerContext* context,
                                                      const v1::ChangePasswordRequest* request,
                                                      v1::ChangePasswordReply* reply) {
  return gate_.BlockingOn(
      password_workers_, context, "papertape.auth.v1.AuthService.ChangePassword", request, reply,
      [this](const rpc::Call& call, const v1::ChangePasswordRequest& in, v1::ChangePasswordReply& out) {
        out.set_message("Password changed");
        return accounts_.ChangePassword(Decode(in, call), OriginOf(call));
      });
}

grpc::ServerUnaryReactor* AuthService::UpdateMe(grpc::CallbackServerContext* context,
                                                const v1::UpdateMeRequest* request, v1::Me* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.AuthService.UpdateMe", request, reply,
                        [this](const rpc::Call& call, const v1::UpdateMeRequest& in, v1::Me& out) {
                          const auto user = accounts_.UpdateProfile(call.caller.user_id, Decode(in));
                          if (user.ok()) Encode(*user, out);
                          return user.status();
                        });
}

grpc::ServerUnaryReactor* AuthService::GetMe(grpc::CallbackServerContext* context, const v1::GetMeRequest* request,
                                             v1::Me* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.AuthService.GetMe", request, reply,
                        [this](const rpc::Call& call, const v1::GetMeRequest&, v1::Me& out) {
                          const auto user = accounts_.Find(call.caller.user_id);
                          if (user.ok()) Encode(*user, out);
                          return user.status();
                        });
}

grpc::ServerUnaryReactor* AuthService::VerifyToken(grpc::CallbackServerContext* context,
                                                   const v1::VerifyTokenRequest* request, v1::VerifyTokenReply* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.AuthService.VerifyToken", request, reply,
      [this](const rpc::Call& call, const v1::VerifyTokenRequest&, v1::VerifyTokenReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const User user, accounts_.Confirm(call.caller.user_id));
        out.set_valid(true);
        out.set_user_id(user.id);
        out.set_email(user.email);
        out.set_role(std::string(RoleName(call.caller.role)));  // what the token grants, not what the next one will
        rpc::Encode(call.caller.expires_at, out.mutable_expires_at());
        return absl::OkStatus();
      });
}

}  // namespace papertape::auth
