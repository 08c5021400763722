#include "services/market_data/live_config.h"

#include "libs/status/status.h"
#include "services/market_data/providers_config.h"

namespace papertape::market {
LiveConfig ReadLiveConfig(Settings& settings) {
  LiveConfig config;
  config.order = ReadProviderOrder(settings);
  config.ca_file = settings.Text("PAPERTAPE_PROVIDERS_CA_FILE", "");
  config.finnhub_key = ReadProviderKey(settings, "FINNHUB_API_KEY");
  config.finnhub = ReadProviderUrl(settings, "PAPERTAPE_FINNHUB_URL", "https://finnhub.io/api/v1");
  const absl::StatusOr<StreamAddress> stream =
      ParseStreamAddress(settings.Text("PAPERTAPE_FINNHUB_STREAM_URL", "wss://ws.finnhub.io"));
  if (stream.ok()) {
    config.finnhub_stream = *stream;
  } else {
    settings.Mistake("PAPERTAPE_FINNHUB_STREAM_URL", MessageOf(stream.status()));
  }
  config.finnhub_per_minute = settings.Integer("PAPERTAPE_FINNHUB_PER_MINUTE", 60, 1, 100'000);
  config.finnhub_stream_symbols =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_FINNHUB_STREAM_SYMBOLS", 50, 0, 10'000));
  config.silence = settings.Millis("PAPERTAPE_PROVIDER_SILENCE_MS", 10'000, 100, 600'000);
  config.embedded_last = settings.OneOf("PAPERTAPE_LIVE_FALLBACK", "embedded", {"embedded", "none"}) == "embedded";
  config.jump_percent = settings.Integer("PAPERTAPE_TICK_JUMP_PERCENT", 20, 0, 10'000);
  return config;
}

}  // namespace papertape::market
