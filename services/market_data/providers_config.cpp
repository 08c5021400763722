#include "services/market_data/providers_config.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/clients/totp.h"

namespace papertape::market {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Whoever may stand in PAPERTAPE_PROVIDERS.
constexpr std::array<std::string_view, 5> kNames{"polygon", "tiingo", "finnhub", "angelone", "yahoo"};

std::vector<http::Limit> ReadLimit(Settings& settings, std::string_view name, std::int64_t fallback,
                                   std::chrono::milliseconds window) {
  return {{.requests = settings.Integer(name, fallback, 0, 1'000'000), .window = window}};
}

std::optional<AngelCredentials> ReadAngel(Settings& settings) {
  AngelCredentials angel{.api_key = ReadProviderKey(settings, "ANGEL_API_KEY"),
                         .client_code = ReadProviderKey(settings, "ANGEL_CLIENT_CODE"),
                         .password = ReadProviderKey(settings, "ANGEL_PASSWORD")};
  std::string secret = settings.Text("ANGEL_TOTP_SECRET", "");
  if (secret == "demo") secret.clear();
  if (angel.api_key.empty()) return std::nullopt;
  if (angel.client_code.empty()) settings.Mistake("ANGEL_CLIENT_CODE", "must be set with ANGEL_API_KEY");
  if (angel.password.empty()) settings.Mistake("ANGEL_PASSWORD", "must be set with ANGEL_API_KEY");
  const std::optional<std::string> bytes = DecodeBase32(secret);
  if (!bytes)
    settings.Mistake("ANGEL_TOTP_SECRET", "must be the secret in Base32 that the broker shows, with ANGEL_API_KEY");
  angel.totp_secret = bytes.value_or("");
  return angel;
}

}  // namespace

std::vector<std::string> ReadProviderOrder(Settings& settings) {
  std::vector<std::string> order = settings.List("PAPERTAPE_PROVIDERS", "polygon,tiingo,finnhub,angelone");
  for (const std::string& name : order) {
    if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) {
      settings.Mistake("PAPERTAPE_PROVIDERS", fmt::format("may name {}", fmt::join(kNames, ", ")));
    } else if (std::count(order.begin(), order.end(), name) > 1) {
      settings.Mistake("PAPERTAPE_PROVIDERS", fmt::format("names {} more than once", name));
    }
  }
  return order;
}

std::string ReadProviderKey(Settings& settings, std::string_view name) {
  std::string key = settings.Text(name, "");
  if (std::any_of(key.begin(), key.end(), [](unsigned char c) { return c <= ' ' || c >= 127; })) {
    settings.Mistake(name, "must be printable ASCII without spaces");
  }
  // What example files have in the place of a key.
  return key == "demo" ? std::string() : key;
}

http::BaseUrl ReadProviderUrl(Settings& settings, std::string_view name, std::string_view fallback) {
  absl::StatusOr<http::BaseUrl> url = http::ParseBaseUrl(settings.Text(name, fallback));
  if (url.ok()) return *std::move(url);
  settings.Mistake(name, MessageOf(url.status()));
  return {};
}

ProvidersConfig ReadProvidersConfig(Settings& settings) {
  ProvidersConfig config;
  config.ca_file = settings.Text("PAPERTAPE_PROVIDERS_CA_FILE", "");
  const ProviderAccess polygon{.name = "polygon",
                               .key = ReadProviderKey(settings, "POLYGON_API_KEY"),
                               .base = ReadProviderUrl(settings, "PAPERTAPE_POLYGON_URL", "https://api.polygon.io"),
                               .limits = ReadLimit(settings, "PAPERTAPE_POLYGON_PER_MINUTE", 5, minutes(1))};
  const ProviderAccess tiingo{.name = "tiingo",
                              .key = ReadProviderKey(settings, "TIINGO_API_KEY"),
                              .base = ReadProviderUrl(settings, "PAPERTAPE_TIINGO_URL", "https://api.tiingo.com"),
                              .limits = ReadLimit(settings, "PAPERTAPE_TIINGO_PER_HOUR", 50, hours(1))};
  const ProviderAccess yahoo{
      .name = "yahoo",
      .base = ReadProviderUrl(settings, "PAPERTAPE_YAHOO_URL", "https://query2.finance.yahoo.com"),
      .limits = ReadLimit(settings, "PAPERTAPE_YAHOO_PER_HOUR", 200, hours(1))};
  config.angel = ReadAngel(settings);
  const ProviderAccess angel{.name = "angelone",
                             .key = config.angel ? config.angel->api_key : "",
                             .base = ReadProviderUrl(settings, "PAPERTAPE_ANGEL_URL", "https://apiconnect.angelone.in"),
                             .limits = AngelLimits(settings.Integer("PAPERTAPE_ANGEL_PER_SECOND", 5, 1, 1'000))};
  for (const std::string& name : ReadProviderOrder(settings)) {
    for (const ProviderAccess* access : {&polygon, &tiingo, &angel, &yahoo}) {
      // Yahoo has no keys: naming it is what asks for it.
      if (access->name == name && (!access->key.empty() || name == "yahoo")) config.asked.push_back(*access);
    }
  }
  return config;
}

}  // namespace papertape::market
