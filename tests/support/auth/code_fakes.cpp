#include "tests/support/auth/code_fakes.h"

#include <regex>

#include "libs/status/status.h"

namespace papertape::auth {

absl::Status FakeCodeStore::Change(std::string_view subject, const std::function<absl::Status(CodeRecord&)>& change) {
  const std::lock_guard lock(mutex_);
  CodeRecord record = records_[std::string(subject)];
  PT_RETURN_IF_ERROR(change(record));
  records_[std::string(subject)] = record;
  return absl::OkStatus();
}

absl::Status FakeCodeStore::Erase(Timestamp time) {
  const std::lock_guard lock(mutex_);
  std::erase_if(records_, [time](const auto& item) { return item.second.sent_at < time; });
  return absl::OkStatus();
}

std::size_t FakeCodeStore::size() {
  const std::lock_guard lock(mutex_);
  return records_.size();
}

absl::Status FakeFailureStore::Change(const std::vector<std::string>& subjects,
                                      const std::function<absl::Status(std::vector<FailureRecord>&)>& change) {
  const std::lock_guard lock(mutex_);
  std::vector<FailureRecord> records;
  for (const std::string& subject : subjects) records.push_back(records_[subject]);
  PT_RETURN_IF_ERROR(change(records));
  for (std::size_t i = 0; i < subjects.size(); ++i) records_[subjects[i]] = records[i];
  return absl::OkStatus();
}

absl::Status FakeFailureStore::Erase(Timestamp time) {
  const std::lock_guard lock(mutex_);
  std::erase_if(records_, [time](const auto& item) { return item.second.last_at < time; });
  return absl::OkStatus();
}

std::size_t FakeFailureStore::size() {
  const std::lock_guard lock(mutex_);
  return records_.size();
}

absl::Status FakeMailer::Send(const Letter& letter) {
  const std::lock_guard lock(mutex_);
  if (status_.ok()) letters_.push_back(letter);
  return status_;
}

std::string FakeMailer::CodeFor(const std::string& to) {
  const std::lock_guard lock(mutex_);
  std::string code;
  for (const Letter& letter : letters_) {
    std::smatch found;
    if (letter.to == to && std::regex_search(letter.text, found, std::regex("\\b[0-9]{6}\\b"))) code = found[0];
  }
  return code;
}

std::vector<Letter> FakeMailer::Letters() {
  const std::lock_guard lock(mutex_);
  return letters_;
}

void FakeMailer::Break(absl::Status status) {
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

}  // namespace papertape::auth
