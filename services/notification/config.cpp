#include "services/notification/config.h"

#include <unistd.h>

#include <array>
#include <initializer_list>

#include "fmt/format.h"

namespace papertape::notification {
namespace {

std::string HostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// The names that mail servers' settings have in the wild, the first that is set.
std::string FirstOf(Settings& settings, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = settings.Text(name, ""); !value.empty()) return value;
  }
  return "";
}

SmtpOptions ReadSmtp(Settings& settings) {
  constexpr std::int64_t kImplicitTlsPort = 465;
  SmtpOptions smtp;
  smtp.host = FirstOf(settings, {"SMTP_HOST", "SMTP_SERVER"});
  smtp.port = settings.Integer("SMTP_PORT", smtp.port, 1, 65'535);
  smtp.username = FirstOf(settings, {"SMTP_USERNAME", "SMTP_USER"});
  smtp.password = settings.Text("SMTP_PASSWORD", "");
  const std::string sender = smtp.username.find('@') != std::string::npos ? smtp.username : "papertape@localhost";
  smtp.from = settings.Text("SMTP_FROM", sender);
  if (!IsMailAddress(smtp.from)) settings.Mistake("SMTP_FROM", "must be an e-mail address");
  smtp.ca_file = settings.Text("PAPERTAPE_SMTP_CA_FILE", "");
  smtp.timeout = settings.Millis("PAPERTAPE_SMTP_TIMEOUT_MS", 20'000, 100, 60'000);
  const bool is_plain = settings.OneOf("PAPERTAPE_SMTP_TLS", "required", {"required", "plain"}) == "plain";
  if (is_plain && !smtp.password.empty()) {
    settings.Mistake("PAPERTAPE_SMTP_TLS", "must be `required`: SMTP_PASSWORD is not sent in the clear");
  }
  if (smtp.port == kImplicitTlsPort) smtp.security = SmtpOptions::Security::kImplicitTls;
  if (is_plain) smtp.security = SmtpOptions::Security::kPlain;
  return smtp;
}

}  // namespace

Config ReadConfig(Settings& settings) {
  Config config;
  config.database.dsn = settings.Required("DATABASE_URL");
  config.database.schema = "notification";
  config.database.connections =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_DATABASE_CONNECTIONS", 8, 1, 1'000));
  config.redis.url = settings.Required("REDIS_URL");
  config.seal_keys = ReadSealKeys(settings);
  config.smtp = ReadSmtp(settings);
  config.mail_directory = settings.Text("PAPERTAPE_MAIL_DIRECTORY", "");
  if (config.smtp.host.empty() && config.mail_directory.empty()) {
    settings.Mistake("SMTP_HOST", "or PAPERTAPE_MAIL_DIRECTORY is required: mails must go somewhere");
  }
  config.consumer = fmt::format("{}/{}", HostName(), settings.Text("PAPERTAPE_LISTEN", ""));
  return config;
}

}  // namespace papertape::notification
