#include "services/notification/clients/smtp_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "fmt/format.h"
#include "services/notification/domain/mail_message.h"

namespace papertape::notification {
namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::size_t ReadMessage(char* buffer, std::size_t size, std::size_t count, void* rest) {
  auto& text = *static_cast<std::string_view*>(rest);
  const std::size_t length = std::min(size * count, text.size());
  std::copy_n(text.data(), length, buffer);
  text.remove_prefix(length);
  return length;
}

void SetOptions(CURL* curl, const SmtpOptions& options) {
  const bool is_tls_from_start = options.security == SmtpOptions::Security::kImplicitTls;
  const std::string url = fmt::format("{}://{}:{}", is_tls_from_start ? "smtps" : "smtp", options.host, options.port);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  // Required, not tried: a server, or somebody before it, that offers no STARTTLS gets nothing.
  const bool is_plain = options.security == SmtpOptions::Security::kPlain;
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.username.empty() && !is_plain) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, options.username.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, options.password.c_str());
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

SmtpTransport::SmtpTransport(SmtpOptions options) : options_(std::move(options)) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialized);
}

DeliveryReport SmtpTransport::Deliver(const Mail& mail, Timestamp created_at) {
  const Handle curl(curl_easy_init(), &curl_easy_cleanup);
  if (!curl) return {.outcome = Delivery::kFailed, .why = "out of memory"};
  SetOptions(curl.get(), options_);
  const std::string message = ComposeMessage(mail, options_.from, created_at);
  std::string_view rest = message;
  const std::string sender = fmt::format("<{}>", options_.from);
  const List recipients(curl_slist_append(nullptr, fmt::format("<{}>", mail.to).c_str()), &curl_slist_free_all);
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &ReadMessage);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &rest);
  curl_easy_setopt(curl.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
  curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  const CURLcode result = curl_easy_perform(curl.get());
  long reply = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
  return ReportOf(result, reply);
}

}  // namespace papertape::notification
