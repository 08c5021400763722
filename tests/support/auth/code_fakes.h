// In place of one-time codes' and lock-out's tables, of the mail and of keyed hashes, in memory. Thread-safe, as the
// ports ask.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/auth/domain/letters.h"
#include "services/auth/domain/lockout.h"
#include "services/auth/domain/one_time_codes.h"
#include "services/auth/domain/secret_hash.h"

namespace papertape::auth {

class FakeCodeStore final : public CodeStore {
 public:
  absl::Status Change(std::string_view subject, const std::function<absl::Status(CodeRecord&)>& change) override;
  absl::Status Erase(Timestamp time) override;
  std::size_t size();

 private:
  std::mutex mutex_;
  std::map<std::string, CodeRecord> records_;
};

class FakeFailureStore final : public FailureStore {
 public:
  absl::Status Change(const std::vector<std::string>& subjects,
                      const std::function<absl::Status(std::vector<FailureRecord>&)>& change) override;
  absl::Status Erase(Timestamp time) override;
  std::size_t size();

 private:
  std::mutex mutex_;
  std::map<std::string, FailureRecord> records_;
};

// "purpose/text" in place of a hash; counts comparisons, that is: codes that were checked.
class FakeSecretHash final : public SecretHash {
 public:
  std::string Of(std::string_view purpose, std::string_view text) override {
    return std::string(purpose) + '/' + std::string(text);
  }
  bool Same(std::string_view one, std::string_view other) override {
    ++comparisons;
    return one == other;
  }
  std::atomic<int> comparisons = 0;
};

class FakeMailer final : public Mailer {
 public:
  absl::Status Send(const Letter& letter) override;
  // The six digits in the newest letter to `to`; empty when there is none.
  std::string CodeFor(const std::string& to);
  std::vector<Letter> Letters();
  void Break(absl::Status status);

 private:
  std::mutex mutex_;
  absl::Status status_;
  std::vector<Letter> letters_;
};

}  // namespace papertape::auth
