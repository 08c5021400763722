#include "services/notification/domain/mail_message.h"

#include <algorithm>
#include <sstream>

#include "tests/support/catch.h"

namespace papertape::notification {
namespace {

constexpr Timestamp kDate = Timestamp(std::chrono::microseconds(1'772'461'800'000'000));  // 2026-03-02 14:30 UTC

Mail AMail() { return {.id = "code-1", .to = "ann@example.com", .subject = "Your code", .text = "It is 123456.\n"}; }

TEST_CASE("a message has its headers, an empty line, and its text") {
  CHECK(ComposeMessage(AMail(), "noreply@papertape.example", kDate) ==
        "Date: Mon, 02 Mar 2026 14:30:00 +0000\r\n"
        "From: Papertape <noreply@papertape.example>\r\n"
        "To: <ann@example.com>\r\n"
        "Message-ID: <code-1@papertape.example>\r\n"
        "Subject: Your code\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "It is 123456.\r\n");
}

TEST_CASE("a subject beyond ASCII goes in encoded-words that break between characters") {
  CHECK(HeaderText("Grüße") == "=?UTF-8?B?R3LDvMOfZQ==?=");
  std::string euros;
  for (int i = 0; i < 20; ++i) euros += "€";  // three bytes each: 15 in a word
  const std::string text = HeaderText(euros);
  CHECK(text ==
        "=?UTF-8?B?4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs?=\r\n"
        " =?UTF-8?B?4oKs4oKs4oKs4oKs4oKs?=");
  CHECK(HeaderText("a" + euros).find("4oI=?=") == std::string::npos);
}

TEST_CASE("whatever a subject holds, the message has the same headers") {
  Mail mail = AMail();
  mail.subject = GENERATE("a\r\nBcc: eve@example.com", "a\nBcc: eve@example.com\n\nbody", "\r\n\r\n",
                          "=?UTF-8?B?QmNj?=", "\x01\x7f", std::string(200, 'x'));
  const std::string message = ComposeMessage(mail, "noreply@papertape.example", kDate);
  const std::string header = message.substr(0, message.find("\r\n\r\n"));
  std::istringstream lines(header);
  int headers = 0;
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 79);  // with its carriage return
    CHECK(std::all_of(line.begin(), line.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\r'; }));
    if (!line.starts_with(' ')) ++headers;
  }
  CHECK(headers == 9);
  CHECK(header.find("Bcc:") == std::string::npos);
}

TEST_CASE("a text is quoted-printable: short lines, nothing lost, no bare carriage return") {
  CHECK(QuotedPrintable("a=b") == "a=3Db\r\n");
  CHECK(QuotedPrintable("ü\n") == "=C3=BC\r\n");
  CHECK(QuotedPrintable("blank \nnext ") == "blank=20\r\nnext=20\r\n");
  CHECK(QuotedPrintable("a\rb") == "a=0Db\r\n");
  CHECK(QuotedPrintable("\n\n") == "\r\n\r\n");
  CHECK(QuotedPrintable(".\n") == ".\r\n");  // doubled on the wire, not here
  const std::string long_line(200, 'x');
  const std::string text = QuotedPrintable(long_line);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 77);
  CHECK(text.substr(0, 78) == long_line.substr(0, 75).append("=\r\n"));
}

}  // namespace
}  // namespace papertape::notification
