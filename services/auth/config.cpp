#include "services/auth/config.h"

#include <algorithm>
#include <thread>

namespace papertape::auth {
namespace {

CodeRules ReadCodeRules(Settings& settings) {
  CodeRules rules;
  rules.interval = std::chrono::seconds(settings.Integer("PAPERTAPE_OTP_INTERVAL_SECONDS", 60, 1, 600));
  rules.a_day = static_cast<int>(settings.Integer("PAPERTAPE_OTP_PER_DAY", 10, 1, 1'000));
  rules.sign_up = settings.Flag("PAPERTAPE_OTP_SIGN_UP", true);
  return rules;
}

Lockout::Rules ReadLockoutRules(Settings& settings) {
  Lockout::Rules rules;
  rules.account.threshold = static_cast<int>(settings.Integer("PAPERTAPE_LOCKOUT_ACCOUNT_FAILURES", 5, 0, 1'000));
  rules.address.threshold = static_cast<int>(settings.Integer("PAPERTAPE_LOCKOUT_ADDRESS_FAILURES", 20, 0, 10'000));
  rules.account.longest = std::chrono::seconds(settings.Integer("PAPERTAPE_LOCKOUT_LONGEST_SECONDS", 900, 1, 86'400));
  rules.address.longest = rules.account.longest;
  return rules;
}

}  // namespace

Config ReadConfig(Settings& settings) {
  Config config;
  config.database.dsn = settings.Required("DATABASE_URL");
  config.database.schema = "auth";
  config.database.connections =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_DATABASE_CONNECTIONS", 8, 1, 1'000));
  config.redis_url = settings.Required("REDIS_URL");
  config.keys = ReadTokenKeys(settings, true);
  config.token_life = std::chrono::minutes(settings.Integer("JWT_ACCESS_TOKEN_EXPIRES_MINUTES", 10, 1, 1'440));
  config.refresh_life = std::chrono::hours(24 * settings.Integer("JWT_REFRESH_TOKEN_EXPIRES_DAYS", 7, 1, 365));
  config.codes = ReadCodeRules(settings);
  config.lockout = ReadLockoutRules(settings);
  config.notification = {.name = "notification",
                         .address = settings.Text("PAPERTAPE_NOTIFICATION_ADDRESS", "127.0.0.1:50056"),
                         .secret_key = config.keys.secret};
  const bool production =
      settings.OneOf("PAPERTAPE_ENVIRONMENT", "development", {"development", "production"}) == "production";
  config.bcrypt_cost = static_cast<int>(settings.Integer("PAPERTAPE_BCRYPT_COST", 12, 4, 15));
  if (production && settings.Text("PAPERTAPE_BCRYPT_COST", "").empty()) config.bcrypt_cost.reset();
  const std::int64_t cores = std::max<std::int64_t>(1, std::thread::hardware_concurrency());
  config.password_threads = static_cast<std::size_t>(settings.Integer("PAPERTAPE_PASSWORD_THREADS", cores, 1, 256));
  config.password_queue = static_cast<std::size_t>(settings.Integer("PAPERTAPE_PASSWORD_QUEUE", 64, 1, 10'000));
  config.common_passwords =
      settings.OneOf("PAPERTAPE_COMMON_PASSWORDS", production ? "refuse" : "accept", {"refuse", "accept"}) == "accept";
  return config;
}

}  // namespace papertape::auth
