#include "services/trade_engine/config.h"

namespace papertape::trade_engine {

Config ReadConfig(Settings& settings) {
  Config config;
  config.database.dsn = settings.Required("DATABASE_URL");
  config.database.schema = "trade_engine";
  config.database.connections =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_DATABASE_CONNECTIONS", 8, 1, 1'000));
  config.redis.url = settings.Required("REDIS_URL");
  config.market_data = {.name = "market_data",
                        .address = settings.Text("PAPERTAPE_MARKET_DATA_ADDRESS", "127.0.0.1:50052"),
                        .secret_key = settings.Secret("SECRET_KEY", 32)};
  config.book.initial_deposit =
      Money::FromUnits(settings.Integer("PAPERTAPE_INITIAL_MARGIN", 100'000, 1, 1'000'000'000));
  config.book.margin_rate_bps = settings.Integer("PAPERTAPE_MARGIN_RATE_BPS", 2'000, 1, 10'000);
  config.book.quote_age_max = settings.Millis("PAPERTAPE_QUOTE_FRESH_MS", 5'000, 100, 86'400'000);
  config.ask_quote_after = config.book.quote_age_max / 2;
  return config;
}

}  // namespace papertape::trade_engine
