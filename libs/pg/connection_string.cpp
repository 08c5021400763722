#include "libs/pg/connection_string.h"

#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <memory>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::pg {
namespace {

// Inside `options`, a space ends a word and a backslash keeps it.
std::string EscapeOption(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string QuoteValue(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// Schema names are ours, but a quote in one must not become a second schema.
std::string QuoteIdentifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace

absl::StatusOr<std::string> ConnectionString(std::string_view dsn, const ConnectionTraits& traits) {
  using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
  char* error = nullptr;
  const Options options(PQconninfoParse(std::string(dsn).c_str(), &error), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> error_owner(error, &PQfreemem);
  // libpq's own words may quote the DSN, which holds a password.
  if (!options) return Error(Reason::kINVALID_ARGUMENT, "the PostgreSQL DSN cannot be read");

  std::map<std::string, std::string> values;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values[option->keyword] = option->val;
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(traits.connect_timeout).count();
  values.try_emplace("connect_timeout", std::to_string(std::max<std::int64_t>(seconds, 2)));
  values["application_name"] = traits.schema;
  values["client_encoding"] = "UTF8";
  std::string& server_options = values["options"];
  server_options +=
      fmt::format(" -csearch_path={} -cTimeZone=UTC -cDateStyle=ISO -cbytea_output=hex -cstatement_timeout={}",
                  EscapeOption(QuoteIdentifier(traits.schema)), traits.statement_timeout.count());
  std::string out;
  for (const auto& [keyword, value] : values) out += fmt::format("{}={} ", keyword, QuoteValue(value));
  return out;
}

}  // namespace papertape::pg
