#include "services/auth/domain/letters.h"

#include "fmt/format.h"

namespace papertape::auth {
namespace {

constexpr char kNotYou[] = "If you did not ask for this, somebody mistook your address for theirs; do nothing.\n";

}  // namespace

Letter CodeLetter(std::string_view code, std::chrono::minutes life, const StoredUser* user) {
  Letter letter;
  letter.subject = "Your Papertape code";
  letter.text = fmt::format(
      "Your code is {}\n\nIt signs you in or sets a new password, once, within {} minutes. Nobody of Papertape will "
      "ever "
      "ask you for it.\n",
      code, life.count());
  if (user != nullptr && !user->user.is_verified && !user->password_hash.empty()) {
    letter.text += fmt::format(
        "\nThe address was registered with a password on {} and has not been confirmed since. If that was not you, set "
        "a "
        "password of your own with this code: it ends every session there is.\n",
        FormatDate(user->user.created_at));
  }
  letter.text += '\n';
  letter.text += kNotYou;
  return letter;
}

Letter NoAccountLetter() {
  Letter letter;
  letter.subject = "There is no Papertape account for this address";
  letter.text = fmt::format(
      "Somebody asked for a code to sign in with this address, but no account has it. Register first, or use the "
      "address "
      "that you registered with.\n\n{}",
      kNotYou);
  return letter;
}

Letter PasswordChangedLetter(Timestamp when) {
  Letter letter;
  letter.subject = "Your Papertape password was changed";
  letter.text = fmt::format(
      "The password of your account was changed at {}, and every session was ended.\n\nIf that was not you, somebody "
      "reads "
      "your mail: secure your mailbox first, then set a new password.\n",
      FormatRfc3339(when));
  return letter;
}

}  // namespace papertape::auth
