// The settings of live prices from providers, read once at start.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "libs/config/settings.h"
#include "libs/http/url.h"
#include "services/market_data/clients/web_socket.h"

namespace papertape::market {

struct LiveConfig {
  std::vector<std::string> order;  // of the providers, by name
  std::string ca_file;             // PEM; empty: the system's certificates
  std::string finnhub_key;         // empty: it is not asked
  http::BaseUrl finnhub;
  StreamAddress finnhub_stream;
  std::int64_t finnhub_per_minute = 60;
  std::size_t finnhub_stream_symbols = 50;    // 0: no stream
  std::chrono::milliseconds silence{10'000};  // after which the next provider is heard
  bool embedded_last = true;
  std::int64_t jump_percent = 20;
};

// Notes mistakes in `settings`.
LiveConfig ReadLiveConfig(Settings& settings);

}  // namespace papertape::market
