#include <algorithm>

#include "libs/status/status.h"
#include "tests/support/auth/fakes.h"

namespace papertape::auth {

absl::Status FakeSessionStore::Insert(const NewSession& session) {
  const std::lock_guard lock(mutex_);
  sessions_[session.id] = {.user_id = session.user_id, .expires_at = session.expires_at, .ending = std::nullopt};
  tokens_[session.refresh_digest] = {.session_id = session.id, .expires_at = session.expires_at};
  entries.push_back(session.entry);
  return absl::OkStatus();
}

absl::StatusOr<Rotated> FakeSessionStore::Rotate(const Rotation& rotation) {
  const std::lock_guard lock(mutex_);
  const auto token = tokens_.find(rotation.spent_digest);
  if (token == tokens_.end()) return Rotated{};
  Family& family = sessions_.at(token->second.session_id);
  Rotated rotated{.outcome = RotationOutcome::kRotated, .session_id = token->second.session_id};
  if (token->second.expires_at <= rotation.on_reuse.now) {
    rotated.outcome = RotationOutcome::kExpired;
  } else if (family.ending) {
    rotated.outcome = RotationOutcome::kEnded;
  } else if (token->second.is_used) {
    rotated.outcome = RotationOutcome::kReused;
    family.ending = rotation.on_reuse;
    entries.push_back(rotation.on_reuse.entry);
    entries.back().subject_id = family.user_id;
  }
  if (rotated.outcome != RotationOutcome::kRotated) return rotated;
  token->second.is_used = true;
  tokens_[rotation.next_digest] = {.session_id = rotated.session_id, .expires_at = rotation.expires_at};
  family.expires_at = rotation.expires_at;
  PT_ASSIGN_OR_RETURN(rotated.user, users_.FindById(family.user_id));
  return rotated;
}

template <class Fits>
std::vector<std::string> FakeSessionStore::EndThose(Fits fits, const Ending& ending) {
  std::vector<std::string> ended;
  for (auto& [id, family] : sessions_) {
    if (family.ending || !fits(id, family)) continue;
    family.ending = ending;
    ended.push_back(id);
  }
  if (!ended.empty()) entries.push_back(ending.entry);
  return ended;
}

absl::StatusOr<std::vector<std::string>> FakeSessionStore::End(std::int64_t user_id, const std::string& session_id,
                                                               const std::string& refresh_digest,
                                                               const Ending& ending) {
  const std::lock_guard lock(mutex_);
  const auto token = tokens_.find(refresh_digest);
  const std::string also = token == tokens_.end() ? std::string() : token->second.session_id;
  return EndThose([&](const std::string& id,
                      const Family& family) { return family.user_id == user_id && (id == session_id || id == also); },
                  ending);
}

absl::StatusOr<std::vector<std::string>> FakeSessionStore::EndAll(std::int64_t user_id, const std::string& kept,
                                                                  const Ending& ending) {
  const std::lock_guard lock(mutex_);
  return EndThose([&](const std::string& id, const Family& family) { return family.user_id == user_id && id != kept; },
                  ending);
}

absl::StatusOr<std::vector<std::string>> FakeSessionStore::ReplacePassword(const PasswordChange& change,
                                                                           const Ending& ending) {
  if (!users_.TryReplaceHash(change.user_id, change.stored_hash, change.new_hash)) return Error(Reason::kCONFLICT);
  return EndAll(change.user_id, change.kept_session, ending);
}

absl::StatusOr<std::vector<EndedSession>> FakeSessionStore::FindEnded(Timestamp now) {
  const std::lock_guard lock(mutex_);
  std::vector<EndedSession> ended;
  for (const auto& [id, family] : sessions_) {
    if (!family.ending || family.ending->tokens_until <= now) continue;
    ended.push_back({.id = id, .user_id = family.user_id, .tokens_until = family.ending->tokens_until});
  }
  return ended;
}

absl::Status FakeSessionStore::TellAgain(const std::vector<EndedSession>& ended, Timestamp) {
  told_again += static_cast<int>(ended.size());
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> FakeSessionStore::EraseExpired(Timestamp now) {
  const std::lock_guard lock(mutex_);
  std::size_t erased = std::erase_if(tokens_, [&](const auto& token) { return token.second.expires_at <= now; });
  erased += std::erase_if(sessions_, [&](const auto& session) {
    const Family& family = session.second;
    return family.expires_at <= now && (!family.ending || family.ending->tokens_until <= now);
  });
  return static_cast<std::int64_t>(erased);
}

void FakeEndNotice::Ended(const std::vector<std::string>& session_ids, Timestamp tokens_until) {
  for (const std::string& id : session_ids) ended[id] = tokens_until;
}

}  // namespace papertape::auth
