#include "services/auth/rpc/auth_messages.h"

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

// The fields that every message about a user has.
template <class Message>
void EncodeUser(const User& user, Message& out) {
  out.set_id(user.id);
  out.set_client_id(user.email);
  out.set_email(user.email);
  out.set_username(user.username);
  if (user.name) out.set_name(*user.name);
  if (user.phone) out.set_phone(*user.phone);
  out.set_role(user.role);
  rpc::Encode(user.created_at, out.mutable_created_at());
}

const std::string& IdentifierOf(const v1::LoginRequest& request) {
  return request.email().empty() ? request.username() : request.email();
}

}  // namespace

Registration Decode(const v1::RegisterRequest& request) {
  Registration registration{.email = request.email(), .password = request.password()};
  if (request.has_username()) registration.username = request.username();
  if (request.has_name()) registration.name = request.name();
  if (request.has_phone()) registration.phone = request.phone();
  return registration;
}

absl::Status Check(const v1::LoginRequest& request) {
  Violations violations;
  violations.Check(!request.email().empty() || !request.username().empty(), "email",
                   "is required, or `username` in its place");
  violations.Check(!request.password().empty() || !request.otp().empty(), "password",
                   "is required, or `otp` in its place");
  violations.Check(request.password().empty() || request.otp().empty(), "otp",
                   "stands in the place of `password`, not beside it");
  return violations.ToStatus();
}

SignIn DecodeSignIn(const v1::LoginRequest& request) {
  return {.identifier = IdentifierOf(request), .password = request.password()};
}

CodeLogin DecodeCodeLogin(const v1::LoginRequest& request) {
  return {.identifier = IdentifierOf(request), .code = request.otp()};
}

PasswordReset Decode(const v1::ResetPasswordRequest& request) {
  return {.email = request.email(), .code = request.otp(), .new_password = request.new_password()};
}

std::string_view RefreshTokenOf(const v1::RefreshRequest& request, const rpc::Call& call) {
  return request.refresh_token().empty() ? call.bearer : request.refresh_token();
}

PasswordRenewal Decode(const v1::ChangePasswordRequest& request, const rpc::Call& call) {
  return {.user_id = call.caller.user_id,
          .session_id = call.caller.session_id,
          .current_password = request.current_password(),
          .new_password = request.new_password()};
}

ProfileChange Decode(const v1::UpdateMeRequest& request) {
  ProfileChange change;
  if (request.has_name()) change.name = request.name();
  if (request.has_phone()) change.phone = request.phone();
  if (request.has_username()) change.username = request.username();
  return change;
}

void Encode(const User& user, v1::User& out) { EncodeUser(user, out); }

void Encode(const User& user, v1::RegisterReply& out) {
  out.set_message("User registered");
  EncodeUser(user, out);
}

void Decode(const v1::RegisterReply& reply, User& out) {
  out.id = reply.id();
  out.email = reply.email();
  out.username = reply.username();
  if (reply.has_name()) out.name = reply.name();
  if (reply.has_phone()) out.phone = reply.phone();
  out.role = reply.role();
  out.created_at = rpc::Decode(reply.created_at());
}

void Encode(const User& user, v1::Me& out) {
  EncodeUser(user, out);
  out.set_user_id(user.id);
  out.set_is_active(user.is_active);
  out.set_is_verified(user.is_verified);
  out.set_kyc_status(user.kyc_status);
}

void Encode(const Session& session, v1::LoginReply& out) {
  out.set_access_token(session.token.text);
  out.set_refresh_token(session.refresh_token);
  out.set_token_type("bearer");
  out.set_expires_in(session.token.life.count());
  out.set_client_id(session.user.email);
  Encode(session.user, *out.mutable_user());
}

void Encode(const std::vector<Jwk>& keys, std::string_view algorithm, v1::Jwks& out) {
  for (const Jwk& key : keys) {
    v1::Jwk& jwk = *out.add_keys();
    jwk.set_kty(key.key_type);
    jwk.set_use("sig");
    jwk.set_alg(std::string(algorithm));
    jwk.set_kid(key.key_id);
    if (!key.modulus.empty()) jwk.set_n(key.modulus);
    if (!key.exponent.empty()) jwk.set_e(key.exponent);
    if (!key.curve.empty()) jwk.set_crv(key.curve);
    if (!key.x.empty()) jwk.set_x(key.x);
    if (!key.y.empty()) jwk.set_y(key.y);
  }
}

}  // namespace papertape::auth
