#include "services/auth/domain/accounts.h"

#include <optional>

#include "libs/status/status.h"

namespace papertape::auth {

absl::StatusOr<User> Accounts::Register(Registration registration) {
  PT_ASSIGN_OR_RETURN(const Registration valid, Normalize(std::move(registration)));
  if (valid.idempotency_key.empty()) return Store(valid, {});
  const RepeatKey key{.key = valid.idempotency_key, .fingerprint = ports_.fingerprints.Of(Canonical(valid))};
  PT_ASSIGN_OR_RETURN(const std::optional<User> earlier, ports_.users.FindByKey(key));
  if (earlier) return *earlier;
  absl::StatusOr<User> user = Store(valid, key);
  if (user.ok()) return user;
  // The twin of this call may have come first; then the refusal (its own address is taken) is not the answer.
  PT_ASSIGN_OR_RETURN(const std::optional<User> meanwhile, ports_.users.FindByKey(key));
  if (meanwhile) return *meanwhile;
  return user;
}

absl::StatusOr<User> Accounts::Store(const Registration& registration, const RepeatKey& key) {
  StoredUser stored;
  stored.user.email = registration.email;
  stored.user.name = registration.name;
  stored.user.phone = registration.phone;
  const std::string wanted = registration.username.value_or(UsernameFor(registration));
  stored.user.username = wanted;
  PT_ASSIGN_OR_RETURN(stored.password_hash, ports_.passwords.Hash(registration.password));
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<User> user = ports_.users.Insert(stored, key);
    const bool try_another = !user.ok() && ReasonOf(user.status()) == Reason::kUSERNAME_TAKEN &&
                             !registration.username && attempt < kUsernameTries;
    if (!try_another) return user;
    stored.user.username = UsernameWithDigits(wanted, ports_.random());
  }
}

absl::StatusOr<Session> Accounts::Login(const SignIn& sign_in) {
  const bool is_email = sign_in.identifier.find('@') != std::string::npos;
  PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> stored,
                      is_email ? ports_.users.FindByEmail(LowerCase(sign_in.identifier))
                               : ports_.users.FindByUsername(sign_in.identifier));
  const bool possible = stored.has_value() && IsWholePassword(sign_in.password);
  // The decoy is checked too: how long a refusal takes must not tell whether the user exists.
  const bool matches =
      ports_.passwords.Matches(possible ? std::string_view(sign_in.password) : "decoy",
                               possible ? std::string_view(stored->password_hash) : ports_.passwords.Decoy());
  if (!possible || !matches) return Error(Reason::kINVALID_CREDENTIALS);
  if (!stored->user.is_active) return Error(Reason::kACCOUNT_DISABLED);
  if (ports_.passwords.IsOutdated(stored->password_hash)) RenewHash(*stored, sign_in.password);
  PT_ASSIGN_OR_RETURN(AccessToken token, ports_.tokens.Issue(stored->user));
  return Session{.user = stored->user, .token = std::move(token)};
}

void Accounts::RenewHash(const StoredUser& stored, std::string_view password) {
  const absl::StatusOr<std::string> renewed = ports_.passwords.Hash(password);
  // A failure is not the user's concern: the old hash still works, and the next sign-in tries again.
  if (renewed.ok()) ports_.users.ReplaceHash(stored.user.id, stored.password_hash, *renewed).IgnoreError();
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
