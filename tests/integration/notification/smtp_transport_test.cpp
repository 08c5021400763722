#include "services/notification/clients/smtp_transport.h"

#include "services/notification/domain/mail_message.h"
#include "tests/support/catch.h"
#include "tests/support/notification/fake_smtp.h"

namespace papertape::notification {
namespace {

using Catch::Matchers::Contains;
using testing::FakeSmtp;

const Timestamp kDate = FromMicrosSinceEpoch(1'772'461'800'000'000);

SmtpOptions To(const FakeSmtp& server) {
  return {.host = "localhost",
          .port = server.port(),
          .ca_file = server.certificate(),
          .username = "papertape",
          .password = "app password",
          .from = "noreply@papertape.example"};
}

DeliveryReport Send(const SmtpOptions& options, const std::string& text = "It is 123456.\n") {
  SmtpTransport transport(options);
  return transport.Deliver({.id = "code-1", .to = "ann@example.com", .subject = "Your code", .text = text}, kDate);
}

TEST_CASE("a mail goes out over TLS, after a second greeting and a login") {
  const FakeSmtp server({"ok"});
  const DeliveryReport report = Send(To(server));
  CAPTURE(report.why);
  CHECK(report.why.empty());
  CHECK(report.outcome == Delivery::kDone);
  const std::string session = server.Sessions(1);
  CHECK_THAT(session, Contains(R"("tls": true)"));
  CHECK_THAT(session, Contains(R"("greetings": 2)"));
  CHECK_THAT(session, Contains(R"(["PLAIN", "papertape", "app password"])"));
  CHECK_THAT(session, Contains("MAIL FROM:<noreply@papertape.example>"));
  CHECK_THAT(session, Contains("RCPT TO:<ann@example.com>"));
  CHECK_THAT(session, Contains(R"(Message-ID: <code-1@papertape.example>\r\n)"));
  CHECK_THAT(session, Contains(R"(\r\n\r\nIt is 123456.\r\n")"));
}

TEST_CASE("a server that knows LOGIN alone is logged in to") {
  const FakeSmtp server({"auth-login"});
  CHECK(Send(To(server)).outcome == Delivery::kDone);
  CHECK_THAT(server.Sessions(1), Contains(R"(["LOGIN", "papertape", "app password"])"));
}

TEST_CASE("lines that begin with a dot arrive as they are, and none of them ends the mail") {
  const FakeSmtp server({"ok"});
  CHECK(Send(To(server), ".\n..\n.hidden\nend\n").outcome == Delivery::kDone);
  CHECK_THAT(server.Sessions(1), Contains(R"(\r\n\r\n.\r\n..\r\n.hidden\r\nend\r\n")"));
}

TEST_CASE("without STARTTLS neither password nor mail is sent") {
  const FakeSmtp server({"no-starttls"});
  CHECK(Send(To(server)).outcome == Delivery::kFailed);
  const std::string session = server.Sessions(1);
  CHECK_THAT(session, Contains(R"("login": null)"));
  CHECK_THAT(session, Contains(R"("from": null)"));
}

TEST_CASE("a server whose certificate nobody vouches for, or that bears another name, gets no password") {
  const FakeSmtp server({"ok", "ok"});
  SmtpOptions untrusted = To(server);
  untrusted.ca_file.clear();
  CHECK(Send(untrusted).outcome == Delivery::kFailed);
  SmtpOptions renamed = To(server);
  renamed.host = "127.0.0.1";
  CHECK(Send(renamed).outcome == Delivery::kFailed);
  const std::string sessions = server.Sessions(2);
  CHECK_THAT(sessions, !Contains("app password"));
}

TEST_CASE("what a server refuses for now may pass, what it refuses for good may not") {
  const FakeSmtp server({"rcpt=450", "ok", "rcpt=550", "mail=553", "data=451", "text=452", "text=554"});
  const SmtpOptions options = To(server);
  CHECK(Send(options).outcome == Delivery::kFailed);
  CHECK(Send(options).outcome == Delivery::kDone);
  const DeliveryReport refused = Send(options);
  CHECK(refused.outcome == Delivery::kRefused);
  CHECK_THAT(refused.why, Contains("550"));
  CHECK_THAT(refused.why, !Contains("ann@"));
  CHECK(Send(options).outcome == Delivery::kRefused);
  CHECK(Send(options).outcome == Delivery::kFailed);
  CHECK(Send(options).outcome == Delivery::kFailed);
  CHECK(Send(options).outcome == Delivery::kRefused);
}

TEST_CASE("a wrong password is the operator's to mend: the mail waits") {
  const FakeSmtp server({"bad-password"});
  CHECK(Send(To(server)).outcome == Delivery::kFailed);
}

TEST_CASE("a server that leaves after the text may have taken it or not: the mail is tried again") {
  const FakeSmtp server({"drop"});
  CHECK(Send(To(server)).outcome == Delivery::kFailed);
}

TEST_CASE("a server that is not there, and one that says nothing, are failures within the deadline") {
  SmtpOptions options{.host = "127.0.0.1", .port = 1, .from = "noreply@papertape.example"};
  CHECK(Send(options).outcome == Delivery::kFailed);
  const FakeSmtp server({});  // closes at once
  options.port = server.port();
  options.timeout = std::chrono::milliseconds(500);
  CHECK(Send(options).outcome == Delivery::kFailed);
}

TEST_CASE("a server on the same machine may be spoken to in the clear, without a password") {
  const FakeSmtp server({"no-starttls"});
  SmtpOptions options = To(server);
  options.security = SmtpOptions::Security::kPlain;
  CHECK(Send(options).outcome == Delivery::kDone);
  const std::string session = server.Sessions(1);
  CHECK_THAT(session, Contains(R"("login": null)"));
  CHECK_THAT(session, Contains(R"("tls": false)"));
}

}  // namespace
}  // namespace papertape::notification
