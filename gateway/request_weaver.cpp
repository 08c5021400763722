#include "gateway/request_weaver.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "gateway/form_weaver.h"
#include "gateway/http_template.h"
#include "gateway/multipart.h"
#include "libs/json/field_value.h"
#include "libs/json/json_reader.h"
#include "libs/json/json_text.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

using google::protobuf::Message;

absl::Status BrokenEscape(std::string_view where) {
  return Error(Reason::kMALFORMED_REQUEST, "The " + std::string(where) + " has a broken %-escape.");
}

// The message that holds the last field of the path.
Message& Holder(const FieldPath& path, Message& message) {
  Message* holder = &message;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    holder = holder->GetReflection()->MutableMessage(holder, path[i]->field);
  }
  return *holder;
}

std::string NameOf(const FieldPath& path) {
  std::string name;
  for (const json::FieldPlan* field : path) name += (name.empty() ? "" : ".") + field->field->name();
  return name;
}

// Empty for a name that is unknown, or is not one value or a list of them.
FieldPath FindParameter(const json::MessagePlan& plan, std::string_view name) {
  FieldPath path;
  const json::MessagePlan* at = &plan;
  while (at != nullptr) {
    const std::size_t dot = name.find('.');
    const json::FieldPlan* field = at->Find(name.substr(0, dot));
    if (field == nullptr || field->map) return {};
    path.push_back(field);
    const bool is_message = field->kind == json::FieldKind::kMessage;
    if (dot == std::string_view::npos) return is_message ? FieldPath{} : path;
    if (field->repeated) return {};
    at = is_message ? field->message : nullptr;
    name.remove_prefix(dot + 1);
  }
  return {};
}

absl::Status WeaveQuery(const Route& route, std::string_view query, Message& request, Violations& violations) {
  std::set<const json::FieldPlan*> seen;
  std::string name;
  std::string value;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (!PercentDecode(pair.substr(0, equals), true, name) ||
        !PercentDecode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true, value)) {
      return BrokenEscape("query");
    }
    const FieldPath path = FindParameter(*route.request_plan, name);
    if (path.empty()) continue;
    const json::FieldPlan& field = *path.back();
    if (value.empty() && field.kind != json::FieldKind::kString) continue;
    if (!violations.Check(field.repeated || seen.insert(&field).second, name, "is given twice")) continue;
    const std::string problem = json::SetValue(field, json::Written::kPlain, value, Holder(path, request));
    violations.Check(problem.empty(), name, problem);
  }
  return absl::OkStatus();
}

absl::Status WeavePath(const RouteMatch& match, Message& request, Violations& violations) {
  std::string value;
  for (std::size_t i = 0; i < match.route->variables.size(); ++i) {
    if (!PercentDecode(match.values[i], false, value)) return BrokenEscape("path");
    const FieldPath& path = match.route->variables[i];
    const std::string problem = json::SetValue(*path.back(), json::Written::kPlain, value, Holder(path, request));
    violations.Check(problem.empty(), NameOf(path), problem);
  }
  return absl::OkStatus();
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool IsCsvType(std::string_view content_type) {
  return LowerCase(Trim(content_type.substr(0, content_type.find(';')))) == "text/csv";
}

absl::Status WeaveBody(const Route& route, const RequestParts& parts, Message& request, Violations& violations) {
  if (!route.takes_body || parts.body.empty()) return absl::OkStatus();
  if (IsFormType(parts.content_type) && route.body_field == nullptr && TakesForm(*route.request_plan)) {
    PT_ASSIGN_OR_RETURN(const std::vector<FormPart> form, ParseForm(parts.content_type, parts.body));
    WeaveForm(form, *route.request_plan, request, violations);
    return absl::OkStatus();
  }
  if (const json::FieldPlan* file = IsCsvType(parts.content_type) ? OnlyFileOf(*route.request_plan) : nullptr) {
    request.GetReflection()->SetString(&request, file->field, std::string(parts.body));
    return absl::OkStatus();
  }
  if (!IsJsonType(parts.content_type)) return Error(Reason::kUNSUPPORTED_MEDIA_TYPE);
  if (route.body_field != nullptr) return json::ReadField(parts.body, *route.body_field, request, violations);
  return json::ReadJson(parts.body, request, violations);
}

}  // namespace

bool IsJsonType(std::string_view content_type) {
  if (content_type.empty() || content_type == "application/json") return true;
  if (content_type.size() > 256) return false;
  const std::string lower = LowerCase(content_type);
  std::string_view rest = lower;
  const std::string_view type = Trim(rest.substr(0, rest.find(';')));
  const bool is_json = type == "application/json" ||
                       (type.substr(0, 12) == "application/" && type.size() > 17 && type.ends_with("+json"));
  if (!is_json) return false;
  while (rest.find(';') != std::string_view::npos) {
    rest.remove_prefix(rest.find(';') + 1);
    const std::string_view parameter = Trim(rest.substr(0, rest.find(';')));
    if (parameter.substr(0, 8) != "charset=") continue;
    const std::string_view charset = parameter.substr(8);
    if (charset != "utf-8" && charset != "\"utf-8\"" && charset != "utf8" && charset != "us-ascii") return false;
  }
  return true;
}

absl::Status Weave(const RouteMatch& match, const RequestParts& parts, Message& request) {
  Violations violations;
  if (!parts.query.empty()) PT_RETURN_IF_ERROR(WeaveQuery(*match.route, parts.query, request, violations));
  PT_RETURN_IF_ERROR(WeaveBody(*match.route, parts, request, violations));
  PT_RETURN_IF_ERROR(WeavePath(match, request, violations));
  return violations.ToStatus();
}

}  // namespace papertape::gateway
