#include "services/notification/domain/mail.h"

#include <algorithm>

#include "libs/status/status.h"

namespace papertape::notification {
namespace {

constexpr std::size_t kIdMax = 64;
constexpr std::size_t kSubjectMax = 200;
constexpr std::size_t kTextMax = 65'536;
constexpr std::size_t kAddressMax = 254;  // RFC 5321, 4.5.3.1.3

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool HasControl(std::string_view text) { return std::any_of(text.begin(), text.end(), IsControl); }

bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool IsTextCharacter(char c) { return !IsControl(c) || c == '\n' || c == '\t'; }

}  // namespace

bool IsMailAddress(std::string_view address) {
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == address.size()) return false;
  if (address.size() > kAddressMax || address.find('@', at + 1) != std::string_view::npos) return false;
  return !HasControl(address) && address.find_first_of(" \"(),:;<>[]\\") == std::string_view::npos;
}

absl::Status Check(const Mail& mail) {
  Violations violations;
  violations.Check(
      !mail.id.empty() && mail.id.size() <= kIdMax && std::all_of(mail.id.begin(), mail.id.end(), IsIdCharacter),
      "message_id", "must be 1 to 64 letters, digits, `.`, `_` or `-`");
  violations.Check(IsMailAddress(mail.to), "to", "must be an e-mail address of at most 254 bytes");
  violations.Check(!mail.subject.empty() && mail.subject.size() <= kSubjectMax && !HasControl(mail.subject), "subject",
                   "must be one line of 1 to 200 bytes");
  violations.Check(!mail.text.empty() && mail.text.size() <= kTextMax &&
                       std::all_of(mail.text.begin(), mail.text.end(), IsTextCharacter),
                   "text", "must be 1 to 65536 bytes of text");
  return violations.ToStatus();
}

}  // namespace papertape::notification
