// The auth protos <-> the domain.
#pragma once

#include <string>

#include "papertape/auth/v1/auth_service.pb.h"
#include "services/auth/domain/accounts.h"

namespace papertape::auth {

Registration Decode(const v1::RegisterRequest& request);
// INVALID_ARGUMENT when neither name nor address is given, or no password.
absl::StatusOr<SignIn> Decode(const v1::LoginRequest& request);

void Encode(const User& user, v1::User& out);
void Encode(const User& user, v1::RegisterReply& out);
void Decode(const v1::RegisterReply& reply, User& out);
void Encode(const User& user, v1::Me& out);
void Encode(const Session& session, v1::LoginReply& out);

}  // namespace papertape::auth
