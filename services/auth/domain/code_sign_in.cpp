#include "services/auth/domain/code_sign_in.h"

#include "libs/status/status.h"
#include "services/auth/domain/registration.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kLetterIdBytes = 16;
constexpr std::chrono::hours kNoticeLife{24};

}  // namespace

absl::StatusOr<Session> CodeSignIn::Login(const CodeLogin& login, const Origin& from) {
  PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> stored, ports_.accounts.FindByName(login.identifier));
  // An unknown username stands for an address that can have no code.
  const std::string email = stored ? stored->user.email : LowerCase(login.identifier);
  PT_RETURN_IF_ERROR(Prove(email, login.code, stored, from));
  User user;
  if (stored) {
    user = stored->user;
    PT_RETURN_IF_ERROR(Verify(user, from));
  } else {
    if (!ports_.codes.rules().sign_up) return Error(Reason::kINVALID_OTP);
    PT_ASSIGN_OR_RETURN(user, ports_.accounts.SignUp(email, from));
  }
  return ports_.sessions.Open(user, "otp", from);
}

absl::Status CodeSignIn::ResetPassword(const PasswordReset& reset, const Origin& from) {
  Violations violations;
  ports_.rules.Check(reset.new_password, "new_password", violations);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  const std::string email = LowerCase(reset.email);
  PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> stored, ports_.users.FindByEmail(email));
  PT_RETURN_IF_ERROR(Prove(email, reset.code, stored, from));
  if (!stored) return Error(Reason::kUSER_NOT_FOUND);
  if (!stored->user.is_active) return Error(Reason::kACCOUNT_DISABLED);
  User user = stored->user;
  PT_RETURN_IF_ERROR(Verify(user, from));
  PT_ASSIGN_OR_RETURN(const std::string hash, ports_.passwords.Hash(reset.new_password));
  PT_RETURN_IF_ERROR(ports_.sessions.ReplacePassword(
      {.user_id = user.id, .stored_hash = stored->password_hash, .new_hash = hash, .deed = deed::kPasswordReset},
      from));
  Letter notice = PasswordChangedLetter(ports_.clock.Now());
  notice.id = "password-" + RandomHex(ports_.random, kLetterIdBytes);
  notice.to = user.email;
  notice.expires_at = ports_.clock.Now() + kNoticeLife;
  ports_.mail.Send(notice).IgnoreError();  // the password is set; a missing notice does not undo it
  return absl::OkStatus();
}

absl::Status CodeSignIn::Prove(const std::string& email, const std::string& code,
                               const std::optional<StoredUser>& stored, const Origin& from) {
  const std::int64_t user_id = stored ? stored->user.id : 0;
  const auto check = [&]() -> absl::StatusOr<bool> {
    const absl::Status redeemed = ports_.codes.Redeem(email, code);
    if (ReasonOf(redeemed) == Reason::kINVALID_OTP) return false;
    PT_RETURN_IF_ERROR(redeemed);
    return true;
  };
  PT_ASSIGN_OR_RETURN(const bool is_right, ports_.lockout.Guard({.name = email, .user_id = user_id}, from, check));
  if (is_right) return absl::OkStatus();
  PT_RETURN_IF_ERROR(ports_.audit.Record({.by = from,
                                          .action = deed::kSignInRefused,
                                          .subject_id = user_id,
                                          .detail = {{"reason", std::string(EntryOf(Reason::kINVALID_OTP).name)}}}));
  return Error(Reason::kINVALID_OTP);
}

absl::Status CodeSignIn::Verify(User& user, const Origin& from) {
  if (user.is_verified) return absl::OkStatus();
  user.is_verified = true;
  return ports_.users.MarkVerified(user.id, {.by = from, .action = deed::kEmailVerified, .subject_id = user.id});
}

}  // namespace papertape::auth
