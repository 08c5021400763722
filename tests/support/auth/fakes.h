// In place of auth's database and bcrypt, in memory. Thread-safe, as the ports ask.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
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
  absl::StatusOr<std::optional<StoredUser>> FindStored(std::int64_t user_id) override;
  absl::Status UpdateProfile(const User& user) override;
  absl::Status MarkVerified(std::int64_t user_id, const AuditEntry& entry) override;
  absl::Status ReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) override;

  void Disable(std::int64_t user_id);
  // False unless the hash is `stored`.
  bool TryReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed);
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
  absl::StatusOr<AccessToken> Issue(const User& user, const std::string& session_id) override;
  [[nodiscard]] std::chrono::seconds Life() const override { return std::chrono::minutes(10); }
};

// Keeps what PgSessionStore keeps; the users are those of `users`.
class FakeSessionStore final : public SessionStore {
 public:
  explicit FakeSessionStore(FakeUserStore& users) : users_(users) {}
  absl::Status Insert(const NewSession& session) override;
  absl::StatusOr<Rotated> Rotate(const Rotation& rotation) override;
  absl::StatusOr<std::vector<std::string>> End(std::int64_t user_id, const std::string& session_id,
                                               const std::string& refresh_digest, const Ending& ending) override;
  absl::StatusOr<std::vector<std::string>> EndAll(std::int64_t user_id, const std::string& kept,
                                                  const Ending& ending) override;
  absl::StatusOr<std::vector<std::string>> ReplacePassword(const PasswordChange& change, const Ending& ending) override;
  absl::StatusOr<std::vector<EndedSession>> FindEnded(Timestamp now) override;
  absl::Status TellAgain(const std::vector<EndedSession>& ended, Timestamp now) override;
  absl::StatusOr<std::int64_t> EraseExpired(Timestamp now) override;

  int told_again = 0;
  std::vector<AuditEntry> entries;  // what was recorded with the sessions

 private:
  struct Family {
    std::int64_t user_id = 0;
    Timestamp expires_at;
    std::optional<Ending> ending;
  };
  struct Token {
    std::string session_id;
    Timestamp expires_at;
    bool is_used = false;
  };
  // Ends those that fit and run.
  template <class Fits>
  std::vector<std::string> EndThose(Fits fits, const Ending& ending);

  FakeUserStore& users_;
  std::mutex mutex_;
  std::map<std::string, Family> sessions_;
  std::map<std::string, Token> tokens_;
};

class FakeEndNotice final : public EndNotice {
 public:
  void Ended(const std::vector<std::string>& session_ids, Timestamp tokens_until) override;
  std::map<std::string, Timestamp> ended;
};

class FakeAuditLog final : public AuditLog {
 public:
  absl::Status Record(const AuditEntry& entry) override;
  std::vector<AuditEntry> entries;

 private:
  std::mutex mutex_;
};

}  // namespace papertape::auth
