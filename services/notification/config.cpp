#include "services/notification/config.h"

#include <unistd.h>

#include <array>

#include "fmt/format.h"

namespace papertape::notification {
namespace {

std::string HostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

Config ReadConfig(Settings& settings) {
  Config config;
  config.database.dsn = settings.Required("DATABASE_URL");
  config.database.schema = "notification";
  config.database.connections =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_DATABASE_CONNECTIONS", 8, 1, 1'000));
  config.redis.url = settings.Required("REDIS_URL");
  config.consumer = fmt::format("{}/{}", HostName(), settings.Text("PAPERTAPE_LISTEN", ""));
  return config;
}

}  // namespace papertape::notification
