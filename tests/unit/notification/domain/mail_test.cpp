#include "services/notification/domain/mail.h"

#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::notification {
namespace {

using testing::IsOk;
using testing::NamesField;

Mail AMail() { return {.id = "code-1", .to = "ann@example.com", .subject = "Hello", .text = "Hello Ann\n"}; }

TEST_CASE("a mail of letters and lines can be sent") {
  CHECK_THAT(Check(AMail()), IsOk());
  Mail mail = AMail();
  mail.subject = "Grüße €";
  mail.text = "first\n\tsecond\n\n.\n";
  CHECK_THAT(Check(mail), IsOk());
}

TEST_CASE("an address that could end its header or name a second receiver is refused") {
  Mail mail = AMail();
  mail.to = GENERATE("", "ann", "@example.com", "ann@", "a@b@c.com", "ann@example.com\r\nBcc: eve@example.com",
                     "ann@example.com\n", "ann@example.com,eve@example.com", "ann@example.com;eve@example.com",
                     "<ann@example.com>", "ann@example.com> SIZE=1", "Ann <ann@example.com>", "an n@example.com",
                     "ann@example.com\x7f");
  CAPTURE(mail.to);
  CHECK_THAT(Check(mail), NamesField("to"));
  mail.to = std::string("ann@example.com\0", 16);
  CHECK_THAT(Check(mail), NamesField("to"));
}

TEST_CASE("a subject of two lines is refused") {
  Mail mail = AMail();
  mail.subject = GENERATE("", "Hello\r\nBcc: eve@example.com", "Hello\nBcc: eve@example.com", "Hello\r", "\tHello");
  CAPTURE(mail.subject);
  CHECK_THAT(Check(mail), NamesField("subject"));
}

TEST_CASE("a text with a carriage return or a zero is refused, and an id that is no word") {
  Mail mail = AMail();
  mail.text = std::string("a\r\n.\r\nMAIL FROM:<eve@example.com>\r\n");
  mail.id = "a>\r\nBcc: eve@example.com";
  const absl::Status refused = Check(mail);
  CHECK_THAT(refused, NamesField("text"));
  CHECK_THAT(refused, NamesField("message_id"));
  mail = AMail();
  mail.text = std::string(1, '\0');
  mail.id = GENERATE("", "../x", "a b");
  CHECK_THAT(Check(mail), NamesField("text"));
  CHECK_THAT(Check(mail), NamesField("message_id"));
}

}  // namespace
}  // namespace papertape::notification
