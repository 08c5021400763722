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

S3Options ReadS3(Settings& settings) {
  S3Options s3;
  s3.bucket = settings.Text("S3_BUCKET", "");
  s3.endpoint = settings.Text("S3_ENDPOINT", "");
  while (s3.endpoint.ends_with('/')) s3.endpoint.pop_back();
  if (!s3.endpoint.empty() && !s3.endpoint.starts_with("http://") && !s3.endpoint.starts_with("https://")) {
    settings.Mistake("S3_ENDPOINT", "must begin with http:// or https://");
  }
  s3.region = settings.Text("S3_REGION", "us-east-1");
  if (s3.bucket.empty()) return s3;
  s3.access_key_id = settings.Required("AWS_ACCESS_KEY_ID");
  s3.secret_access_key = settings.Required("AWS_SECRET_ACCESS_KEY");
  s3.session_token = settings.Text("AWS_SESSION_TOKEN", "");
  return s3;
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
  config.data_keys = ReadSealKeys(settings);
  config.s3 = ReadS3(settings);
  config.documents_directory = settings.Text("PAPERTAPE_DOCUMENTS_DIR", "");
  if (config.s3.bucket.empty() && config.documents_directory.empty()) {
    settings.Mistake("PAPERTAPE_DOCUMENTS_DIR", "must be set, or S3_BUCKET in its place");
  }
  return config;
}

}  // namespace papertape::auth
