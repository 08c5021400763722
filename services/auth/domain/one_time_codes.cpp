#include "services/auth/domain/one_time_codes.h"

#include <optional>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/auth/domain/registration.h"

namespace papertape::auth {
namespace {

constexpr std::uint64_t kCodes = 1'000'000;
constexpr std::size_t kLetterIdBytes = 16;
constexpr char kAddressPurpose[] = "one-time code address";
constexpr char kCodePurpose[] = "one-time code";

// Lengths keep the borders: ("a1", "2") is not ("a", "12").
std::string CodeText(std::string_view email, std::string_view code) {
  return fmt::format("{}:{}{}", email.size(), email, code);
}

Timestamp Midnight(Timestamp time) { return std::chrono::floor<std::chrono::days>(time); }

absl::Status Throttled(Timestamp now, Timestamp free_at) {
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(free_at - now);
  return WithRetryAfter(Error(Reason::kOTP_THROTTLED), wait.count());
}

}  // namespace

std::string SixDigits(const RandomBits& random) {
  // The last, incomplete million of the 64-bit numbers is drawn again: it would favour the low codes.
  constexpr std::uint64_t kLimit = UINT64_MAX - UINT64_MAX % kCodes;
  std::uint64_t bits = random();
  while (bits >= kLimit) bits = random();
  return fmt::format("{:06}", bits % kCodes);
}

absl::Status OneTimeCodes::Admit(const CodeRecord& record, Timestamp now) const {
  if (now < record.sent_at + rules_.interval) return Throttled(now, record.sent_at + rules_.interval);
  const bool is_today = Midnight(record.sent_at) == Midnight(now);
  if (is_today && record.sent >= rules_.a_day) return Throttled(now, Midnight(now) + std::chrono::days(1));
  return absl::OkStatus();
}

// Answers the record as it was.
absl::StatusOr<CodeRecord> OneTimeCodes::Replace(const std::string& subject, const std::string& digest, Timestamp now) {
  CodeRecord before;
  const auto replace = [&](CodeRecord& record) -> absl::Status {
    PT_RETURN_IF_ERROR(Admit(record, now));
    before = record;
    const bool is_today = Midnight(record.sent_at) == Midnight(now);
    record = {.digest = digest,
              .tries = 0,
              .expires_at = now + rules_.life,
              .sent_at = now,
              .sent = is_today ? record.sent + 1 : 1};
    return absl::OkStatus();
  };
  PT_RETURN_IF_ERROR(ports_.codes.Change(subject, replace));
  return before;
}

absl::StatusOr<std::chrono::seconds> OneTimeCodes::Send(std::string_view typed) {
  const std::string email = LowerCase(typed);
  if (!IsEmail(email)) return InvalidField("email", "must be an e-mail address of at most 254 characters");
  PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> user, ports_.users.FindByEmail(email));
  const Timestamp now = ports_.clock.Now();
  const std::string code = SixDigits(ports_.random);
  const std::string digest = ports_.hash.Of(kCodePurpose, CodeText(email, code));
  const std::string subject = ports_.hash.Of(kAddressPurpose, email);
  PT_ASSIGN_OR_RETURN(const CodeRecord before, Replace(subject, digest, now));
  Letter letter = user || rules_.sign_up ? CodeLetter(code, rules_.life, user ? &*user : nullptr) : NoAccountLetter();
  letter.id = "code-" + RandomHex(ports_.random, kLetterIdBytes);
  letter.to = email;
  letter.expires_at = now + rules_.life;
  const absl::Status sent = ports_.mail.Send(letter);
  if (sent.ok()) return std::chrono::seconds(rules_.life);
  // No mail, no code, and no place of the day's allowance taken. If this fails too the user waits for a minute.
  ports_.codes
      .Change(subject,
              [&](CodeRecord& record) {
                if (record.digest == digest) record = before;
                return absl::OkStatus();
              })
      .IgnoreError();
  return sent;
}

absl::Status OneTimeCodes::Redeem(std::string_view typed, std::string_view code) {
  const std::string email = LowerCase(typed);
  const Timestamp now = ports_.clock.Now();
  const std::string presented = ports_.hash.Of(kCodePurpose, CodeText(email, code));
  bool is_right = false;
  PT_RETURN_IF_ERROR(ports_.codes.Change(ports_.hash.Of(kAddressPurpose, email), [&](CodeRecord& record) {
    is_right = false;
    const bool stands = !record.digest.empty() && record.tries < rules_.tries && now < record.expires_at;
    if (!stands) return absl::OkStatus();
    ++record.tries;
    is_right = ports_.hash.Same(record.digest, presented);
    if (is_right) record.digest.clear();
    return absl::OkStatus();
  }));
  return is_right ? absl::OkStatus() : Error(Reason::kINVALID_OTP);
}

absl::Status OneTimeCodes::EraseOld() {
  // Yesterday's codes have expired and count no more, but for those of its last minutes.
  return ports_.codes.Erase(Midnight(ports_.clock.Now()) - rules_.life - rules_.interval);
}

}  // namespace papertape::auth
