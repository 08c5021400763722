#include "gateway/config.h"

#include <thread>

namespace papertape::gateway {
namespace {

TrustedProxies ReadProxies(Settings& settings) {
  std::vector<AddressRange> ranges;
  for (const std::string& text : settings.List("PAPERTAPE_TRUSTED_PROXIES", "")) {
    if (const std::optional<AddressRange> range = AddressRange::Parse(text)) {
      ranges.push_back(*range);
    } else {
      settings.Mistake("PAPERTAPE_TRUSTED_PROXIES", "must be addresses or ranges like 10.0.0.0/8, not " + text);
    }
  }
  const std::string header =
      settings.OneOf("PAPERTAPE_PROXY_HEADER", "x-forwarded-for", {"x-forwarded-for", "forwarded"});
  using HeaderKind = TrustedProxies::HeaderKind;
  return {std::move(ranges), header == "forwarded" ? HeaderKind::kForwarded : HeaderKind::kXForwardedFor};
}

std::optional<TlsFiles> ReadTls(Settings& settings) {
  TlsFiles files{.certificate = settings.Text("PAPERTAPE_TLS_CERTIFICATE_FILE", ""),
                 .key = settings.Text("PAPERTAPE_TLS_KEY_FILE", "")};
  if (files.certificate.empty() && files.key.empty()) return std::nullopt;
  if (files.certificate.empty() || files.key.empty()) {
    settings.Mistake("PAPERTAPE_TLS_CERTIFICATE_FILE", "and PAPERTAPE_TLS_KEY_FILE go together");
  }
  return files;
}

}  // namespace

Config ReadConfig(Settings& settings) {
  Config config;
  config.http.listen = settings.Text("PAPERTAPE_HTTP_LISTEN", "127.0.0.1:8000");
  config.http.max_connections =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_HTTP_MAX_CONNECTIONS", 20'000, 1, 1'000'000));
  config.http.limits.body_bytes =
      static_cast<std::uint64_t>(settings.Integer("PAPERTAPE_HTTP_BODY_LIMIT_BYTES", 1'048'576, 1'024, 1'073'741'824));
  config.uploads = static_cast<std::size_t>(settings.Integer("PAPERTAPE_HTTP_UPLOADS", 8, 1, 1'000));
  config.http.limits.receive_timeout = settings.Millis("PAPERTAPE_HTTP_HEADER_TIMEOUT_MS", 10'000, 10, 600'000);
  config.http.limits.idle_timeout = settings.Millis("PAPERTAPE_HTTP_IDLE_TIMEOUT_MS", 60'000, 10, 3'600'000);
  config.tls = ReadTls(settings);
  // Each has its own connection to each service; with two a core less waits for a connection's lock
  // (docs/benchmarks.md).
  const std::int64_t threads = 2 * std::max<std::int64_t>(1, std::thread::hardware_concurrency());
  config.threads = static_cast<std::size_t>(settings.Integer("PAPERTAPE_HTTP_THREADS", threads, 1, 256));
  config.proxies = ReadProxies(settings);
  config.cors_origins = settings.List("PAPERTAPE_CORS_ORIGINS", "");
  config.rate_limits.user = settings.Integer("PAPERTAPE_RATE_LIMIT_USER_PER_MINUTE", 600, 0, 1'000'000);
  config.rate_limits.anonymous = settings.Integer("PAPERTAPE_RATE_LIMIT_ANONYMOUS_PER_MINUTE", 60, 0, 1'000'000);
  config.rate_limits.login = settings.Integer("PAPERTAPE_RATE_LIMIT_LOGIN_PER_MINUTE", 5, 0, 1'000'000);
  config.rate_limits.upload = settings.Integer("PAPERTAPE_RATE_LIMIT_UPLOAD_PER_MINUTE", 10, 0, 1'000'000);
  config.response_bytes =
      static_cast<int>(settings.Integer("PAPERTAPE_HTTP_RESPONSE_LIMIT_BYTES", 16 << 20, 1'024, 1 << 30));
  config.streams.of_a_user = static_cast<int>(settings.Integer("PAPERTAPE_STREAMS_PER_USER", 20, 1, 1'000'000));
  config.streams.of_an_address = static_cast<int>(settings.Integer("PAPERTAPE_STREAMS_PER_ADDRESS", 200, 1, 1'000'000));
  config.call_timeout = settings.Millis("PAPERTAPE_CALL_TIMEOUT_MS", 10'000, 10, 600'000);
  config.drain_timeout = settings.Millis("PAPERTAPE_DRAIN_TIMEOUT_MS", 10'000, 0, 600'000);
  config.quote_fresh_for = settings.Millis("PAPERTAPE_QUOTE_FRESH_MS", 5'000, 1, 86'400'000);
  config.log_level = settings.OneOf("PAPERTAPE_LOG_LEVEL", "info", {"debug", "info", "warning", "error"});
  config.secret_key = settings.Secret("SECRET_KEY", 32);
  config.token_keys = auth::ReadTokenKeys(settings, false);
  config.without_redis = auth::ReadWithoutRedis(settings);
  config.redis_url = settings.Required("REDIS_URL");
  config.limiter = {.redis_url = config.redis_url,
                    .redis_timeout = settings.Millis("PAPERTAPE_RATE_LIMIT_TIMEOUT_MS", 50, 1, 10'000),
                    .refuse_without_redis = config.without_redis == auth::WithoutRedis::kRefuse};
  config.upstreams = {
      {"auth", settings.Text("PAPERTAPE_AUTH_ADDRESS", "127.0.0.1:50051")},
      {"market_data", settings.Text("PAPERTAPE_MARKET_DATA_ADDRESS", "127.0.0.1:50052")},
      {"trade_engine", settings.Text("PAPERTAPE_TRADE_ENGINE_ADDRESS", "127.0.0.1:50053")},
      {"portfolio", settings.Text("PAPERTAPE_PORTFOLIO_ADDRESS", "127.0.0.1:50054")},
      {"signal", settings.Text("PAPERTAPE_SIGNAL_ADDRESS", "127.0.0.1:50055")},
      {"notification", settings.Text("PAPERTAPE_NOTIFICATION_ADDRESS", "127.0.0.1:50056")},
  };
  return config;
}

}  // namespace papertape::gateway
