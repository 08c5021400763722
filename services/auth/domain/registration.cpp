#include "services/auth/domain/registration.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kEmailMax = 254;     // RFC 5321, 4.5.3.1.3
constexpr std::size_t kLocalPartMax = 64;  // RFC 5321, 4.5.3.1.1
constexpr std::size_t kUsernameMin = 3;
constexpr std::size_t kUsernameMax = 32;
constexpr std::size_t kNameMax = 100;
constexpr std::size_t kPhoneMax = 32;
constexpr std::size_t kDigits = 4;

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool IsUsernameCharacter(char c) { return IsLetterOrDigit(c) || c == '_' || c == '.' || c == '-'; }
char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool HasControl(std::string_view text) { return std::any_of(text.begin(), text.end(), IsControl); }

// Characters, not bytes, of UTF-8 text.
std::size_t Length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Characters that show nothing, or turn the direction of what follows: two addresses that look the same must not differ
// by one of them. UTF-8 of U+0080-U+009F, U+00AD, U+200B-U+200F, U+202A-U+202E, U+2060-U+206F and U+FEFF.
bool HasInvisible(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto byte = [&](std::size_t at) {
      return i + at < text.size() ? static_cast<unsigned char>(text[i + at]) : 0;
    };
    if (byte(0) == 0xC2 && (byte(1) <= 0x9F || byte(1) == 0xAD)) return true;
    if (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0x8B && byte(2) <= 0x8F) return true;
    if (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) return true;
    if (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA0 && byte(2) <= 0xAF) return true;
    if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return true;
  }
  return false;
}

bool IsDomainName(std::string_view domain) {
  if (domain.find('.') == std::string_view::npos) return false;
  while (true) {
    const std::size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    if (dot == std::string_view::npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

bool IsUsername(std::string_view username) {
  return username.size() >= kUsernameMin && username.size() <= kUsernameMax &&
         std::all_of(username.begin(), username.end(), IsUsernameCharacter);
}

bool IsLine(const std::optional<std::string>& text, std::size_t max) {
  return !text || (Length(*text) <= max && !HasControl(*text));
}

void CheckTexts(const std::optional<std::string>& username, const std::optional<std::string>& name,
                const std::optional<std::string>& phone, Violations& violations) {
  violations.Check(!username || IsUsername(*username), "username", "must be 3 to 32 letters, digits, `_`, `.` or `-`");
  violations.Check(IsLine(name, kNameMax), "name", "must be one line of at most 100 characters");
  violations.Check(IsLine(phone, kPhoneMax), "phone", "must be one line of at most 32 characters");
}

}  // namespace

std::optional<std::string> Trimmed(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const std::size_t first = text->find_first_not_of(' ');
  if (first == std::string::npos) return std::nullopt;
  return text->substr(first, text->find_last_not_of(' ') - first + 1);
}

bool IsEmail(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos || at == 0 || at > kLocalPartMax || email.size() > kEmailMax) return false;
  if (email.find('@', at + 1) != std::string_view::npos || HasControl(email) || HasInvisible(email)) return false;
  if (email.find_first_of(" \"(),:;<>[]\\") != std::string_view::npos) return false;
  return IsDomainName(email.substr(at + 1));
}

absl::Status CheckProfile(const std::string& username, const std::optional<std::string>& name,
                          const std::optional<std::string>& phone) {
  Violations violations;
  CheckTexts(username, name, phone, violations);
  return violations.ToStatus();
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ToLower);
  return lower;
}

absl::StatusOr<Registration> Normalize(Registration registration, const PasswordRules& rules) {
  registration.email = LowerCase(registration.email);
  registration.username = Trimmed(registration.username);
  registration.name = Trimmed(registration.name);
  registration.phone = Trimmed(registration.phone);
  Violations violations;
  violations.Check(IsEmail(registration.email), "email", "must be an e-mail address of at most 254 characters");
  rules.Check(registration.password, "password", violations);
  CheckTexts(registration.username, registration.name, registration.phone, violations);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return registration;
}

std::string UsernameFor(const Registration& registration) {
  const std::string local_part = registration.email.substr(0, registration.email.find('@'));
  for (const std::string& source : {registration.name.value_or(""), local_part}) {
    std::string username;
    for (const char c : source) {
      if (c == ' ') username.push_back('.');
      if (IsUsernameCharacter(c)) username.push_back(ToLower(c));
    }
    username.resize(std::min(username.size(), kUsernameMax));
    if (IsUsername(username)) return username;
  }
  return "trader";
}

std::string UsernameWithDigits(std::string_view username, std::uint64_t bits) {
  return fmt::format("{}{:0{}}", username.substr(0, kUsernameMax - kDigits), bits % 10'000, kDigits);
}

}  // namespace papertape::auth
