#include "services/auth/config.h"

namespace papertape::auth {

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
  config.bcrypt_cost = static_cast<int>(settings.Integer("PAPERTAPE_BCRYPT_COST", 12, 4, 15));
  return config;
}

}  // namespace papertape::auth
