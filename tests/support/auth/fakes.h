// In place of auth's database and bcrypt, in memory. Thread-safe, as the ports ask.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/auth/domain/ports.h"

namespace papertape::auth {

// Keeps what PgUserStore keeps, and refuses what its constraints refuse.
class FakeUserStore final : public UserStore {
 public:
  absl::StatusOr<User> Insert(const StoredUser& user, const Repeatable<User>& repeatable,
                              const AuditEntry& entry) override;
  absl::StatusOr<std::optional<StoredUser>> FindByEmail(std::string_view email) override;
  absl::StatusOr<std::optional<StoredUser>> FindByUsername(std::string_view username) override;
  absl::StatusOr<std::optional<User>> FindById(std::int64_t user_id) override;
  absl::Status ReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) override;

  void Disable(std::int64_t user_id);
  std::vector<AuditEntry> entries;  // what was recorded with the users

 private:
  struct KeptAnswer {
    std::string fingerprint;
    std::string answer;
  };
  absl::StatusOr<User> InsertNew(const StoredUser& user, AuditEntry entry);

  std::mutex mutex_;
  std::map<std::int64_t, StoredUser> users_;
  std::map<std::string, KeptAnswer> answers_;  // by key
};

// "v1:password" in place of a hash; counts what would have been slow.
class FakeHasher final : public PasswordHasher {
 public:
  absl::StatusOr<std::string> Hash(std::string_view password) override;
  bool Matches(std::string_view password, std::string_view hash) override;
  bool IsOutdated(std::string_view hash) override { return !hash.starts_with(version); }
  std::string_view Decoy() override { return "decoy"; }

  std::string version = "v1:";
  int checks = 0;
  std::string last_checked;  // the hash of the last check
};

class FakeIssuer final : public TokenIssuer {
 public:
  absl::StatusOr<AccessToken> Issue(const User& user) override;
};

class FakeAuditLog final : public AuditLog {
 public:
  absl::Status Record(const AuditEntry& entry) override;
  std::vector<AuditEntry> entries;

 private:
  std::mutex mutex_;
};

}  // namespace papertape::auth
