#include "services/notification/clients/smtp_transport.h"

#include "fmt/format.h"
#include "services/notification/domain/mail_message.h"

namespace papertape::notification {
namespace {

std::string UrlOf(const SmtpOptions& options) {
  const bool is_tls_from_start = options.security == SmtpOptions::Security::kImplicitTls;
  return fmt::format("{}://{}:{}", is_tls_from_start ? "smtps" : "smtp", options.host, options.port);
}

void SetOptions(curl::Transfer& transfer, const SmtpOptions& options) {
  transfer.Set(CURLOPT_PROXY, "");
  // Required, not tried: a server, or somebody before it, that offers no STARTTLS gets nothing.
  const bool is_plain = options.security == SmtpOptions::Security::kPlain;
  transfer.Set(CURLOPT_USE_SSL, static_cast<long>(is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!options.ca_file.empty()) transfer.Set(CURLOPT_CAINFO, options.ca_file);
  if (!options.username.empty() && !is_plain) {
    transfer.Set(CURLOPT_USERNAME, options.username);
    transfer.Set(CURLOPT_PASSWORD, options.password);
  }
}

// A wrong password or a missing certificate is the operator's to mend, and the mail may wait for it.
bool IsSettledByOperator(CURLcode result) {
  return result == CURLE_LOGIN_DENIED || result == CURLE_USE_SSL_FAILED || result == CURLE_PEER_FAILED_VERIFICATION;
}

DeliveryReport ReportOf(CURLcode result, long reply) {
  if (result == CURLE_OK) return {.outcome = Delivery::kDone};
  const bool is_final = reply >= 500 && reply < 600 && !IsSettledByOperator(result);
  return {.outcome = is_final ? Delivery::kRefused : Delivery::kFailed,
          .why = fmt::format("{} (last reply {})", curl_easy_strerror(result), reply)};
}

}  // namespace

SmtpTransport::SmtpTransport(SmtpOptions options) : options_(std::move(options)), handles_(0) {}

DeliveryReport SmtpTransport::Deliver(const Mail& mail, Timestamp created_at) {
  const std::string message = ComposeMessage(mail, options_.from, created_at);
  curl::Transfer transfer(handles_, {.url = UrlOf(options_), .protocols = "smtp,smtps", .time = options_.timeout});
  SetOptions(transfer, options_);
  transfer.Set(CURLOPT_MAIL_FROM, fmt::format("<{}>", options_.from));
  transfer.AddLine(CURLOPT_MAIL_RCPT, fmt::format("<{}>", mail.to));
  transfer.Send(message);
  const CURLcode result = transfer.Perform();
  return ReportOf(result, transfer.reply());
}

}  // namespace papertape::notification
