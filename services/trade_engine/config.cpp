#include "services/trade_engine/config.h"

#include "libs/execution/fees.h"
#include "libs/execution/slippage.h"
#include "libs/status/status.h"

namespace papertape::trade_engine {
namespace {

std::string ReadFeeModel(Settings& settings) {
  std::string model = settings.Text("PAPERTAPE_FEE_MODEL", "none");
  const absl::Status read = execution::ParseFees(model).status();
  if (!read.ok()) settings.Mistake("PAPERTAPE_FEE_MODEL", MessageOf(read));
  return model;
}

std::string ReadSlippageModel(Settings& settings) {
  std::string model = settings.Text("PAPERTAPE_SLIPPAGE_MODEL", "none");
  const absl::StatusOr<execution::SlippageModel> read = execution::ParseSlippage(model);
  if (!read.ok()) {
    settings.Mistake("PAPERTAPE_SLIPPAGE_MODEL", MessageOf(read.status()));
  } else if (execution::NeedsVolume(*read)) {
    settings.Mistake("PAPERTAPE_SLIPPAGE_MODEL", "may be none or bps:N: live quotes do not tell volumes");
  }
  return model;
}

}  // namespace

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
  config.book.margin.initial =
      settings.Integer("PAPERTAPE_MARGIN_RATE_BPS", 2'000, 1, 10'000) * execution::kOnePercent / 100;
  config.book.fee_model = ReadFeeModel(settings);
  config.book.slippage_model = ReadSlippageModel(settings);
  config.book.quote_age_max = settings.Millis("PAPERTAPE_QUOTE_FRESH_MS", 5'000, 100, 86'400'000);
  config.ask_quote_after = config.book.quote_age_max / 2;
  return config;
}

}  // namespace papertape::trade_engine
