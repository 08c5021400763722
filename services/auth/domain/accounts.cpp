#include "services/auth/domain/accounts.h"

#include <optional>

#include "libs/status/status.h"

namespace papertape::auth {

absl::StatusOr<User> Accounts::Register(const Registration& registration, const Origin& from,
                                        const Repeatable<User>& repeatable) {
  PT_ASSIGN_OR_RETURN(const Registration valid, Normalize(registration, ports_.rules));
  StoredUser stored;
  stored.user.email = valid.email;
  stored.user.name = valid.name;
  stored.user.phone = valid.phone;
  stored.user.username = valid.username.value_or(UsernameFor(valid));
  PT_ASSIGN_OR_RETURN(stored.password_hash, ports_.passwords.Hash(valid.password));
  return Insert(std::move(stored), !valid.username, from, repeatable);
}

absl::StatusOr<User> Accounts::SignUp(const std::string& email, const Origin& from) {
  StoredUser stored;
  stored.user.email = email;
  stored.user.username = UsernameFor({.email = email});
  stored.user.is_verified = true;
  return Insert(std::move(stored), true, from, {});
}

absl::StatusOr<User> Accounts::Insert(StoredUser stored, bool is_made, const Origin& from,
                                      const Repeatable<User>& repeatable) {
  const std::string wanted = stored.user.username;
  const AuditEntry entry{.by = from, .action = deed::kRegistered};
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<User> user = ports_.users.Insert(stored, repeatable, entry);
    const bool try_another =
        !user.ok() && ReasonOf(user.status()) == Reason::kUSERNAME_TAKEN && is_made && attempt < kUsernameTries;
    if (!try_another) return user;
    stored.user.username = UsernameWithDigits(wanted, ports_.random());
  }
}

absl::StatusOr<Session> Accounts::Login(const SignIn& sign_in, const Origin& from) {
  PT_ASSIGN_OR_RETURN(const StoredUser stored, CheckCredentials(sign_in, from));
  if (ports_.passwords.IsOutdated(stored.password_hash)) RenewHash(stored, sign_in.password);
  return ports_.sessions.Open(stored.user, "password", from);
}

absl::StatusOr<StoredUser> Accounts::CheckCredentials(const SignIn& sign_in, const Origin& from) {
  PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> stored, FindByName(sign_in.identifier));
  PT_ASSIGN_OR_RETURN(const bool matches, CheckPassword(sign_in.identifier, stored, sign_in.password, from));
  if (!matches) return Refuse(Reason::kINVALID_CREDENTIALS, stored, from);
  if (!stored->user.is_active) return Refuse(Reason::kACCOUNT_DISABLED, stored, from);
  return *stored;
}

absl::StatusOr<bool> Accounts::CheckPassword(const std::string& identifier, const std::optional<StoredUser>& stored,
                                             const std::string& password, const Origin& from) {
  const bool possible = stored.has_value() && !stored->password_hash.empty() && IsWholePassword(password);
  const Lockout::Account account{.name = stored ? stored->user.email : LowerCase(identifier),
                                 .user_id = stored ? stored->user.id : 0};
  return ports_.lockout.Guard(account, from, [&]() -> absl::StatusOr<bool> {
    // The decoy is checked too: how long a refusal takes must not tell whether the user exists.
    const bool matches =
        ports_.passwords.Matches(possible ? std::string_view(password) : "decoy",
                                 possible ? std::string_view(stored->password_hash) : ports_.passwords.Decoy());
    return possible && matches;
  });
}

absl::Status Accounts::Refuse(Reason reason, const std::optional<StoredUser>& stored, const Origin& from) {
  // What was typed as the name is not recorded: now and then it is a password.
  const AuditEntry entry{.by = from,
                         .action = deed::kSignInRefused,
                         .subject_id = stored ? stored->user.id : 0,
                         .detail = {{"reason", std::string(EntryOf(reason).name)}}};
  PT_RETURN_IF_ERROR(ports_.audit.Record(entry));
  return Error(reason);
}

void Accounts::RenewHash(const StoredUser& stored, std::string_view password) {
  const absl::StatusOr<std::string> renewed = ports_.passwords.Hash(password);
  // A failure is not the user's concern: the old hash still works, and the next sign-in tries again.
  if (renewed.ok()) ports_.users.ReplaceHash(stored.user.id, stored.password_hash, *renewed).IgnoreError();
}

absl::Status Accounts::ChangePassword(const PasswordRenewal& renewal, const Origin& from) {
  PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> stored, ports_.users.FindStored(renewal.user_id));
  if (!stored) return Error(Reason::kUSER_NOT_FOUND);
  if (stored->password_hash.empty()) return Error(Reason::kPASSWORD_NOT_SET);
  PT_ASSIGN_OR_RETURN(const bool is_current, CheckPassword(stored->user.email, stored, renewal.current_password, from));
  Violations violations;
  violations.Check(is_current, "current_password", "is not the account's password");
  ports_.rules.Check(renewal.new_password, "new_password", violations);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  PT_ASSIGN_OR_RETURN(const std::string hash, ports_.passwords.Hash(renewal.new_password));
  return ports_.sessions.ReplacePassword({.user_id = renewal.user_id,
                                          .stored_hash = stored->password_hash,
                                          .new_hash = hash,
                                          .kept_session = renewal.session_id},
                                         from);
}

absl::StatusOr<User> Accounts::UpdateProfile(std::int64_t user_id, const ProfileChange& change) {
  PT_ASSIGN_OR_RETURN(User user, Find(user_id));
  if (change.name) user.name = Trimmed(change.name);
  if (change.phone) user.phone = Trimmed(change.phone);
  if (change.username) user.username = Trimmed(change.username).value_or("");
  PT_RETURN_IF_ERROR(CheckProfile(user.username, user.name, user.phone));
  PT_RETURN_IF_ERROR(ports_.users.UpdateProfile(user));
  return user;
}

absl::StatusOr<std::optional<StoredUser>> Accounts::FindByName(const std::string& identifier) {
  const bool is_email = identifier.find('@') != std::string::npos;
  return is_email ? ports_.users.FindByEmail(LowerCase(identifier)) : ports_.users.FindByUsername(identifier);
}

absl::StatusOr<User> Accounts::Find(std::int64_t user_id) {
  PT_ASSIGN_OR_RETURN(const std::optional<User> user, ports_.users.FindById(user_id));
  if (!user) return Error(Reason::kUSER_NOT_FOUND);
  return *user;
}

absl::StatusOr<User> Accounts::Confirm(std::int64_t user_id) {
  PT_ASSIGN_OR_RETURN(const std::optional<User> user, ports_.users.FindById(user_id));
  if (!user || !user->is_active) return Error(Reason::kINVALID_TOKEN);
  return *user;
}

}  // namespace papertape::auth
