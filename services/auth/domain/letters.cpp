#include "services/auth/domain/letters.h"

#include "fmt/format.h"

namespace papertape::auth {
namespace {

// Lines of 72 characters at most read well everywhere, also in a file.
constexpr char kCode[] =
    "Your code is {}\n"
    "\n"
    "It signs you in or sets a new password, once, within {} minutes.\n"
    "Nobody of Papertape will ever ask you for it.\n";
constexpr char kNotConfirmed[] =
    "\n"
    "The address was registered with a password on {}\n"
    "and has not been confirmed since. If that was not you, set a password\n"
    "of your own with this code: it ends every session there is.\n";
constexpr char kNotYou[] =
    "\n"
    "If you did not ask for this, somebody mistook your address for theirs;\n"
    "do nothing.\n";
constexpr char kNoAccount[] =
    "Somebody asked for a code to sign in with this address, but no account\n"
    "has it. Register first, or use the address that you registered with.\n";
constexpr char kPasswordChanged[] =
    "The password of your account was changed at {},\n"
    "and every session was ended.\n"
    "\n"
    "If that was not you, somebody reads your mail: secure your mailbox\n"
    "first, then set a new password.\n";

}  // namespace

Letter CodeLetter(std::string_view code, std::chrono::minutes life, const StoredUser* user) {
  Letter letter;
  letter.subject = "Your Papertape code";
  letter.text = fmt::format(kCode, code, life.count());
  if (user != nullptr && !user->user.is_verified && !user->password_hash.empty()) {
    letter.text += fmt::format(kNotConfirmed, FormatDate(user->user.created_at));
  }
  letter.text += kNotYou;
  return letter;
}

Letter NoAccountLetter() {
  Letter letter;
  letter.subject = "There is no Papertape account for this address";
  letter.text = std::string(kNoAccount) + kNotYou;
  return letter;
}

Letter PasswordChangedLetter(Timestamp when) {
  Letter letter;
  letter.subject = "Your Papertape password was changed";
  letter.text = fmt::format(kPasswordChanged, FormatRfc3339(std::chrono::floor<std::chrono::seconds>(when)));
  return letter;
}

}  // namespace papertape::auth
