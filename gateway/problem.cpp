#include "gateway/problem.h"

#include <algorithm>
#include <array>
#include <string>

#include "fmt/format.h"
#include "libs/json/json_text.h"
#include "libs/money/money.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

using json::AppendString;

constexpr std::array<std::string_view, 10> kMembers{"type", "title",      "status",     "detail", "error",
                                                    "code", "error_code", "request_id", "errors", "allow"};

// Members of the document one after another.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  void Text(std::string_view name, std::string_view value) {
    Name(name);
    AppendString(value, out_);
  }
  // `value` is JSON already.
  void Raw(std::string_view name, std::string_view value) {
    Name(name);
    out_ += value;
  }
  void Close() { out_ += '}'; }

 private:
  void Name(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    AppendString(name, out_);
    out_ += ':';
  }
  std::string& out_;
};

// "INSUFFICIENT_MARGIN" -> "urn:papertape:problem:insufficient-margin".
std::string TypeOf(const ReasonEntry& entry) {
  std::string type = "urn:papertape:problem:";
  for (const char c : entry.name) type += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return type;
}

std::string ErrorsOf(const ErrorDetails& details) {
  std::string out = "[";
  for (const auto& [field, message] : details.violations) {
    if (out.size() > 1) out += ',';
    Members members(out);
    members.Text("field", field);
    members.Text("message", message);
    members.Close();
  }
  return out + ']';
}

// A figure is printed as a number when it is one exactly as JSON writes it.
bool IsNumber(std::string_view text) {
  const absl::StatusOr<std::int64_t> micros = ParseDecimal(text);
  return micros.ok() && FormatDecimal(*micros) == text;
}

std::int64_t RetryAfterSeconds(const ErrorDetails& details, int http_status) {
  if (details.retry_after_ms > 0) return (details.retry_after_ms + 999) / 1000;
  return http_status == 503 ? 1 : 0;
}

}  // namespace

HttpResponse ToProblem(const absl::Status& status, std::string_view request_id) {
  const ErrorDetails details = DetailsOf(status);
  const ReasonEntry& entry = EntryOf(details.reason);
  const bool secretive = details.reason == Reason::kINTERNAL || MessageOf(status).empty();
  const std::string_view detail = secretive ? entry.text : MessageOf(status);
  HttpResponse response{.status = entry.http_status, .content_type = kProblemType};
  std::string& body = response.body;
  body.reserve(512);
  Members members(body);
  members.Text("type", TypeOf(entry));
  members.Text("title", entry.text);
  members.Raw("status", fmt::format_int(entry.http_status).str());
  members.Text("detail", detail);
  members.Text("error", detail);
  members.Text("code", entry.name);
  members.Text("error_code", entry.name);
  members.Text("request_id", request_id);
  members.Raw("errors", ErrorsOf(details));
  for (const auto& [name, value] : details.metadata) {
    if (std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end()) continue;
    if (IsNumber(value)) {
      members.Raw(name, value);
    } else {
      members.Text(name, value);
    }
  }
  members.Close();
  if (const std::int64_t seconds = RetryAfterSeconds(details, entry.http_status); seconds > 0) {
    response.AddHeader("Retry-After", fmt::format_int(seconds).str());
  }
  if (entry.http_status == 401) response.AddHeader("WWW-Authenticate", "Bearer");
  if (const auto allow = details.metadata.find("allow"); allow != details.metadata.end()) {
    response.AddHeader("Allow", allow->second);
  }
  return response;
}

}  // namespace papertape::gateway
