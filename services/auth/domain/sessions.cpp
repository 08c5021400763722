#include "services/auth/domain/sessions.h"

#include <utility>

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::string_view kPrefix = "rt_";  // a found token says what it is, to people and to scanners of code
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kRefreshTokenBytes = kPrefix.size() + 2 * kSecretBytes;
constexpr std::size_t kSessionIdBytes = 16;
// Clocks differ, and verifiers are lenient; a session is on the list of ended ones this much longer.
constexpr std::chrono::seconds kTolerance{120};

bool IsRefreshToken(std::string_view text) { return text.size() == kRefreshTokenBytes && text.starts_with(kPrefix); }

absl::Status Refusal(RotationOutcome outcome) {
  switch (outcome) {
    case RotationOutcome::kRotated:
      return absl::OkStatus();
    case RotationOutcome::kExpired:
      return Error(Reason::kTOKEN_EXPIRED, "The refresh token has expired; sign in again.");
    case RotationOutcome::kEnded:
      return Error(Reason::kSESSION_ENDED);
    case RotationOutcome::kReused:
      return Error(Reason::kSESSION_ENDED,
                   "The refresh token was used before, so the session has ended; sign in again.");
    case RotationOutcome::kUnknown:
      break;
  }
  return Error(Reason::kINVALID_TOKEN, "The refresh token is not valid.");
}

}  // namespace

std::string Sessions::NewRefreshToken() const { return std::string(kPrefix) + RandomHex(ports_.random, kSecretBytes); }

Ending Sessions::EndingNow(EndReason reason, std::string_view deed, std::int64_t user_id, const Origin& from) const {
  const Timestamp now = ports_.clock.Now();
  return {.reason = reason,
          .now = now,
          .tokens_until = now + ports_.tokens.Life() + kTolerance,
          .entry = {.by = from, .action = deed, .subject_id = user_id}};
}

absl::StatusOr<Session> Sessions::Open(const User& user, std::string_view means, const Origin& from) {
  if (!user.is_active) return Error(Reason::kACCOUNT_DISABLED);
  Session session{.user = user, .id = RandomHex(ports_.random, kSessionIdBytes), .refresh_token = NewRefreshToken()};
  PT_ASSIGN_OR_RETURN(session.token, ports_.tokens.Issue(user, session.id));
  const Timestamp now = ports_.clock.Now();
  PT_RETURN_IF_ERROR(ports_.store.Insert({.id = session.id,
                                          .user_id = user.id,
                                          .refresh_digest = ports_.digest(session.refresh_token),
                                          .now = now,
                                          .expires_at = now + refresh_life_,
                                          .entry = {.by = from,
                                                    .action = deed::kSignedIn,
                                                    .subject_id = user.id,
                                                    .detail = {{"by", std::string(means)}, {"session", session.id}}}}));
  return session;
}

absl::StatusOr<Session> Sessions::Refresh(std::string_view refresh_token, const Origin& from) {
  if (!IsRefreshToken(refresh_token)) return Refusal(RotationOutcome::kUnknown);
  Session session{.refresh_token = NewRefreshToken()};
  const Rotation rotation{.spent_digest = ports_.digest(refresh_token),
                          .next_digest = ports_.digest(session.refresh_token),
                          .expires_at = ports_.clock.Now() + refresh_life_,
                          .on_reuse = EndingNow(EndReason::kReuse, deed::kRefreshReused, 0, from)};
  PT_ASSIGN_OR_RETURN(Rotated rotated, ports_.store.Rotate(rotation));
  if (rotated.outcome == RotationOutcome::kReused) {
    ports_.notice.Ended({rotated.session_id}, rotation.on_reuse.tokens_until);
  }
  PT_RETURN_IF_ERROR(Refusal(rotated.outcome));
  session.user = *std::move(rotated.user);
  session.id = std::move(rotated.session_id);
  if (!session.user.is_active) return Error(Reason::kACCOUNT_DISABLED);
  PT_ASSIGN_OR_RETURN(session.token, ports_.tokens.Issue(session.user, session.id));
  return session;
}

absl::Status Sessions::Close(std::int64_t user_id, const std::string& session_id, std::string_view refresh_token,
                             const Origin& from) {
  const Ending ending = EndingNow(EndReason::kLogout, deed::kSignedOut, user_id, from);
  const std::string digest = IsRefreshToken(refresh_token) ? ports_.digest(refresh_token) : std::string();
  return Tell(ports_.store.End(user_id, session_id, digest, ending), ending);
}

absl::Status Sessions::CloseAll(std::int64_t user_id, const Origin& from) {
  const Ending ending = EndingNow(EndReason::kAdministrator, deed::kSignedOut, user_id, from);
  return Tell(ports_.store.EndAll(user_id, "", ending), ending);
}

absl::Status Sessions::ReplacePassword(const PasswordChange& change, const Origin& from) {
  const Ending ending = EndingNow(EndReason::kPassword, change.deed, change.user_id, from);
  return Tell(ports_.store.ReplacePassword(change, ending), ending);
}

absl::Status Sessions::TellAgain() {
  const Timestamp now = ports_.clock.Now();
  PT_ASSIGN_OR_RETURN(const std::vector<EndedSession> ended, ports_.store.FindEnded(now));
  for (const EndedSession& session : ended) ports_.notice.Ended({session.id}, session.tokens_until);
  return ports_.store.TellAgain(ended, now);
}

absl::Status Sessions::Tell(const absl::StatusOr<std::vector<std::string>>& ended, const Ending& ending) {
  if (ended.ok() && !ended->empty()) ports_.notice.Ended(*ended, ending.tokens_until);
  return ended.status();
}

}  // namespace papertape::auth
