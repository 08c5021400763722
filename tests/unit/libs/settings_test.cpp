#include "libs/config/settings.h"

#include "tests/support/matchers.h"

namespace papertape {
namespace {

TEST_CASE("all mistakes are reported together and no secret is repeated") {
  Settings settings({{"SECRET_KEY", "too-short"}, {"PAPERTAPE_HTTP_THREADS", "many"}, {"PAPERTAPE_LISTNE", "x"}});
  CHECK(settings.Secret("SECRET_KEY", 32) == "too-short");
  CHECK(settings.Integer("PAPERTAPE_HTTP_THREADS", 2, 1, 64) == 2);
  CHECK(settings.Required("DATABASE_URL").empty());
  const std::string report = settings.Check().ToString();
  CHECK_THAT(report, Catch::Contains("SECRET_KEY") && Catch::Contains("PAPERTAPE_HTTP_THREADS") &&
                         Catch::Contains("DATABASE_URL") && Catch::Contains("PAPERTAPE_LISTNE"));
  CHECK_THAT(report, !Catch::Contains("too-short"));
}

TEST_CASE("a mistake that two readers of one setting make is reported once") {
  Settings settings(std::map<std::string, std::string>{});
  settings.Required("DATABASE_URL");
  settings.Required("DATABASE_URL");
  CHECK(settings.Check() == absl::InvalidArgumentError("DATABASE_URL must be set"));
}

TEST_CASE("unset and empty settings have their fallback") {
  Settings settings(std::map<std::string, std::string>{{"PAPERTAPE_LOG_LEVEL", ""}});
  CHECK(settings.OneOf("PAPERTAPE_LOG_LEVEL", "info", {"debug", "info"}) == "info");
  CHECK(settings.Flag("FEATURE", true));
  CHECK(settings.List("PAPERTAPE_LISTEN", "a:1, unix:/b") == std::vector<std::string>{"a:1", "unix:/b"});
  CHECK_THAT(settings.Check(), testing::IsOk());
}

}  // namespace
}  // namespace papertape
