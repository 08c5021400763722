// Hands mails to a mail server over SMTP submission (RFC 6409) with libcurl: a connection for each mail, STARTTLS and a
// certificate that is verified before any name or password goes out, and a deadline. libcurl doubles leading dots.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "libs/curl/transfer.h"
#include "services/notification/domain/mail.h"

namespace papertape::notification {

struct SmtpOptions {
  // kPlain is for a server on this machine: nothing is encrypted, and no password is sent.
  enum class Security { kStartTls, kImplicitTls, kPlain };

  std::string host;
  std::int64_t port = 587;
  Security security = Security::kStartTls;
  std::string ca_file;   // PEM; empty: the system's
  std::string username;  // empty: no AUTH
  std::string password;
  std::string from;  // address
  std::chrono::milliseconds timeout{20'000};
};

class SmtpTransport final : public MailTransport {
 public:
  explicit SmtpTransport(SmtpOptions options);
  // kRefused for what the server refuses for good (5xx), kFailed for everything that may pass: no connection, no TLS, a
  // wrong password, 4xx, a server that leaves.
  DeliveryReport Deliver(const Mail& mail, Timestamp created_at) override;

 private:
  const SmtpOptions options_;
  curl::Handles handles_;
};

}  // namespace papertape::notification
