#include "services/market_data/providers_config.h"

#include "tests/support/matchers.h"

namespace papertape::market {
namespace {

using testing::IsOk;

std::vector<std::string> NamesOf(const ProvidersConfig& config) {
  std::vector<std::string> names;
  for (const ProviderAccess& access : config.asked) names.push_back(access.name);
  return names;
}

TEST_CASE("without keys nobody is asked, and Yahoo only when it is named") {
  Settings none({});
  CHECK(NamesOf(ReadProvidersConfig(none)).empty());
  Settings demo({{"POLYGON_API_KEY", "demo"}, {"TIINGO_API_KEY", "demo"}});
  CHECK(NamesOf(ReadProvidersConfig(demo)).empty());
  Settings yahoo(std::map<std::string, std::string>{{"PAPERTAPE_PROVIDERS", "polygon,yahoo"}});
  CHECK(NamesOf(ReadProvidersConfig(yahoo)) == std::vector<std::string>{"yahoo"});
  CHECK_THAT(yahoo.Check(), IsOk());
}

TEST_CASE("providers are asked in the order of the setting, at the pace of their free plans") {
  Settings settings({{"PAPERTAPE_PROVIDERS", "tiingo, yahoo, polygon"},
                     {"POLYGON_API_KEY", "abc"},
                     {"TIINGO_API_KEY", "def"},
                     {"PAPERTAPE_POLYGON_PER_MINUTE", "100"}});
  const ProvidersConfig config = ReadProvidersConfig(settings);
  CHECK_THAT(settings.Check(), IsOk());
  CHECK(NamesOf(config) == std::vector<std::string>{"tiingo", "yahoo", "polygon"});
  CHECK(config.asked[0].limits[0].requests == 50);
  CHECK(config.asked[0].limits[0].window == std::chrono::hours(1));
  CHECK(config.asked[2].limits[0].requests == 100);
  CHECK(config.asked[2].base.origin == "https://api.polygon.io");
}

TEST_CASE("Angel One is asked when all of its credentials are there, and half of them are a mistake") {
  std::map<std::string, std::string> environment{{"ANGEL_API_KEY", "abc"},
                                                 {"ANGEL_CLIENT_CODE", "A123"},
                                                 {"ANGEL_PASSWORD", "4711"},
                                                 {"ANGEL_TOTP_SECRET", "GEZDGNBVGY3TQOJQ"}};
  Settings whole(environment);
  const ProvidersConfig config = ReadProvidersConfig(whole);
  CHECK_THAT(whole.Check(), IsOk());
  CHECK(NamesOf(config) == std::vector<std::string>{"angelone"});
  CHECK(config.angel->client_code == "A123");
  environment.erase("ANGEL_PASSWORD");
  Settings half(environment);
  ReadProvidersConfig(half);
  CHECK_THAT(std::string(MessageOf(half.Check())), Catch::Matchers::Contains("ANGEL_PASSWORD"));
}

TEST_CASE("mistakes are told without the key") {
  Settings settings({{"PAPERTAPE_PROVIDERS", "reuters,tiingo,tiingo"},
                     {"POLYGON_API_KEY", "secret key"},
                     {"PAPERTAPE_TIINGO_URL", "http://api.tiingo.com"}});
  ReadProvidersConfig(settings);
  const std::string mistakes(MessageOf(settings.Check()));
  for (const char* told :
       {"may name polygon", "tiingo more than once", "POLYGON_API_KEY", "must begin with https://"}) {
    CHECK(mistakes.find(told) != std::string::npos);
  }
  CHECK(mistakes.find("secret key") == std::string::npos);
}

}  // namespace
}  // namespace papertape::market
