// Whatever comes as verb, target and body, one a line: it finds a route or is refused, its parts are woven into the
// request, and nothing crashes. Any text is tried as a template, too: one that parses, matches the path that it spells.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/http_template.h"
#include "gateway/request_weaver.h"
#include "gateway/route_table.h"
#include "libs/status/status.h"
#include "papertape/auth/v1/auth_service.pb.h"
#include "papertape/market_data/v1/market_data_service.pb.h"
#include "papertape/test/v1/workshop_service.pb.h"
#include "papertape/trade_engine/v1/trade_service.pb.h"

namespace {

using namespace papertape;
using namespace papertape::gateway;

const RouteTable& Routes() {
  static const auto* const table =
      new RouteTable(*RouteTable::Build({{auth::v1::User::descriptor()->file(), 0},
                                         {market_data::v1::Quote::descriptor()->file(), 1},
                                         {trade_engine::v1::Trade::descriptor()->file(), 2},
                                         {test::v1::Tool::descriptor()->file(), 3}}));
  return *table;
}

std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

void CheckTemplate(std::string_view text) {
  const absl::StatusOr<HttpTemplate> parsed = ParseHttpTemplate(text);
  if (parsed.ok() && parsed->segments.size() != SplitPath(text).size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view verb = TakeLine(text);
  const std::string_view target = TakeLine(text);
  CheckTemplate(target);
  const std::string_view path = target.substr(0, target.find('?'));
  const absl::StatusOr<RouteMatch> match = Routes().Match(verb, path);
  const std::string allowed = Routes().AllowedVerbs(path);
  if (match.ok() && allowed.find(verb) == std::string::npos) std::abort();
  if (allowed.empty() != (ReasonOf(match.status()) == Reason::kROUTE_NOT_FOUND) && !match.ok()) std::abort();
  if (!match.ok()) return 0;
  const std::unique_ptr<google::protobuf::Message> request(match->route->request->New());
  const std::string_view query = path.size() < target.size() ? target.substr(path.size() + 1) : "";
  Weave(*match, {.query = query, .content_type = "application/json", .body = text}, *request).IgnoreError();
  return 0;
}
