// The gateway's settings.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gateway/http_server.h"
#include "gateway/shared_limiter.h"
#include "gateway/stream_hub.h"
#include "gateway/tls.h"
#include "gateway/trusted_proxies.h"
#include "libs/auth/token.h"
#include "libs/config/settings.h"

namespace papertape::gateway {

struct UpstreamConfig {
  std::string name;
  std::string address;
};

struct Config {
  HttpServer::Options http;
  std::optional<TlsFiles> tls;
  std::size_t threads = 1;
  std::vector<std::string> cors_origins;
  TrustedProxies proxies;
  RateLimits rate_limits;
  SharedLimiter::Options limiter;
  int response_bytes = 16 << 20;  // of an answer, as a service gives it and as it is printed
  StreamLimits streams;
  std::size_t uploads = 8;
  std::chrono::milliseconds call_timeout{};
  std::chrono::milliseconds drain_timeout{};
  std::chrono::milliseconds quote_fresh_for{};
  std::string log_level;
  std::string secret_key;
  auth::TokenKeys token_keys;
  auth::WithoutRedis without_redis = auth::WithoutRedis::kServe;
  std::string redis_url;
  std::vector<UpstreamConfig> upstreams;  // in the order of Upstream
};

// Which service; also its index in Config::upstreams.
enum Upstream : std::size_t { kAuth, kMarketData, kTradeEngine, kPortfolio, kSignal, kNotification };

// Notes mistakes in `settings`.
Config ReadConfig(Settings& settings);

}  // namespace papertape::gateway
