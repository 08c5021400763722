#include "services/portfolio/config.h"

namespace papertape::portfolio {

Config ReadConfig(Settings& settings) {
  const std::string secret_key = settings.Secret("SECRET_KEY", 32);
  return {.engine = {.name = "trade_engine",
                     .address = settings.Text("PAPERTAPE_TRADE_ENGINE_ADDRESS", "127.0.0.1:50053"),
                     .secret_key = secret_key},
          .market = {.name = "market_data",
                     .address = settings.Text("PAPERTAPE_MARKET_DATA_ADDRESS", "127.0.0.1:50052"),
                     .secret_key = secret_key}};
}

}  // namespace papertape::portfolio
