// The auth protos <-> the domain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/auth/jwk.h"
#include "libs/rpc/gate.h"
#include "papertape/auth/v1/auth_service.pb.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/domain/code_sign_in.h"

namespace papertape::auth {

Registration Decode(const v1::RegisterRequest& request);
// INVALID_ARGUMENT unless an address or a name is given, and a password or a code.
absl::Status Check(const v1::LoginRequest& request);
SignIn DecodeSignIn(const v1::LoginRequest& request);
CodeLogin DecodeCodeLogin(const v1::LoginRequest& request);
PasswordReset Decode(const v1::ResetPasswordRequest& request);
// The refresh token of the body, or else the one that came as a bearer.
std::string_view RefreshTokenOf(const v1::RefreshRequest& request, const rpc::Call& call);
PasswordRenewal Decode(const v1::ChangePasswordRequest& request, const rpc::Call& call);
ProfileChange Decode(const v1::UpdateMeRequest& request);

void Encode(const User& user, v1::User& out);
void Encode(const User& user, v1::RegisterReply& out);
void Decode(const v1::RegisterReply& reply, User& out);
void Encode(const User& user, v1::Me& out);
void Encode(const Session& session, v1::LoginReply& out);
void Encode(const std::vector<Jwk>& keys, std::string_view algorithm, v1::Jwks& out);

}  // namespace papertape::auth
