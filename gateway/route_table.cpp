#include "gateway/route_table.h"

#include <algorithm>
#include <functional>
#include <set>
#include <unordered_map>
#include <utility>

#include "fmt/format.h"
#include "gateway/http_template.h"
#include "google/api/annotations.pb.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::MethodDescriptor;

constexpr std::size_t kMaxSegments = 32;

struct TextHash : std::hash<std::string_view> {
  using is_transparent = void;
};

const google::protobuf::Message* PrototypeOf(const Descriptor& descriptor) {
  return google::protobuf::MessageFactory::generated_factory()->GetPrototype(&descriptor);
}

std::pair<std::string_view, std::string_view> PatternOf(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"GET", rule.get()};
    case google::api::HttpRule::kPut:
      return {"PUT", rule.put()};
    case google::api::HttpRule::kPost:
      return {"POST", rule.post()};
    case google::api::HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case google::api::HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case google::api::HttpRule::kCustom:
      return {rule.custom().kind(), rule.custom().path()};
    case google::api::HttpRule::PATTERN_NOT_SET:
      break;
  }
  return {};
}

// The plans on the way to a field; empty when the path leads nowhere, or to a list or a message.
FieldPath FindField(const json::MessagePlan& plan, const std::vector<std::string>& names) {
  FieldPath path;
  const json::MessagePlan* at = &plan;
  for (const std::string& name : names) {
    const json::FieldPlan* field = at == nullptr ? nullptr : at->Find(name);
    if (field == nullptr || field->repeated || field->map) return {};
    path.push_back(field);
    at = field->kind == json::FieldKind::kMessage ? field->message : nullptr;
  }
  return at == nullptr ? path : FieldPath{};
}

}  // namespace

// One place in the tree of path segments.
struct RouteTable::Node {
  std::unordered_map<std::string, std::unique_ptr<Node>, TextHash, std::equal_to<>> literals;
  std::unique_ptr<Node> any;
  std::unique_ptr<Node> rest;
  // What ends here: the route of each verb, and which segments its variables are.
  struct End {
    const Route* route = nullptr;
    std::vector<std::size_t> variable_segments;
    bool last_is_rest = false;
  };
  std::vector<End> ends;

  [[nodiscard]] const End* Find(std::string_view verb) const {
    const auto found = std::find_if(ends.begin(), ends.end(), [&](const End& end) { return end.route->verb == verb; });
    return found == ends.end() ? nullptr : &*found;
  }

  // Calls `visit` for every node that the segments lead to, literals first, until it answers true.
  template <class Visit>
  bool Walk(const std::vector<std::string_view>& segments, std::size_t at, Visit& visit) const {
    if (at == segments.size()) return visit(*this) || (rest != nullptr && visit(*rest));
    if (const Node* node = Literal(segments[at]); node != nullptr && node->Walk(segments, at + 1, visit)) return true;
    if (any != nullptr && !segments[at].empty() && any->Walk(segments, at + 1, visit)) return true;
    return rest != nullptr && visit(*rest);
  }

  [[nodiscard]] const Node* Literal(std::string_view segment) const {
    std::string decoded;
    if (segment.find('%') != std::string_view::npos && PercentDecode(segment, false, decoded)) segment = decoded;
    const auto found = literals.find(segment);
    return found == literals.end() ? nullptr : found->second.get();
  }
};

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;
RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable& RouteTable::operator=(RouteTable&&) noexcept = default;

absl::StatusOr<RouteTable> RouteTable::Build(const std::vector<ServedFile>& files) {
  RouteTable table;
  for (const ServedFile& served : files) {
    for (int s = 0; s < served.file->service_count(); ++s) {
      const auto& service = *served.file->service(s);
      for (int m = 0; m < service.method_count(); ++m) {
        PT_RETURN_IF_ERROR(table.AddMethod(*service.method(m), served.upstream));
      }
    }
  }
  return table;
}

absl::Status RouteTable::AddMethod(const MethodDescriptor& method, std::size_t upstream) {
  const api::v1::Access access = method.options().GetExtension(api::v1::method).access();
  const bool routed = access != api::v1::ACCESS_UNSPECIFIED && access != api::v1::ACCESS_INTERNAL &&
                      method.options().HasExtension(google::api::http) && !method.client_streaming() &&
                      !method.server_streaming();
  if (!routed) return absl::OkStatus();
  const google::api::HttpRule& rule = method.options().GetExtension(google::api::http);
  const auto add = [&](const google::api::HttpRule& one) {
    const auto [verb, path] = PatternOf(one);
    return AddRule(method, upstream, verb, path, one.body(), one.response_body());
  };
  PT_RETURN_IF_ERROR(add(rule));
  for (const auto& further : rule.additional_bindings()) PT_RETURN_IF_ERROR(add(further));
  return absl::OkStatus();
}

absl::Status RouteTable::AddRule(const MethodDescriptor& method, std::size_t upstream, std::string_view verb,
                                 std::string_view path, std::string_view body, std::string_view response_body) {
  const auto refuse = [&](std::string_view why) {
    return absl::InvalidArgumentError(fmt::format("{}: {} {}: {}", method.full_name(), verb, path, why));
  };
  PT_ASSIGN_OR_RETURN(const HttpTemplate parsed, ParseHttpTemplate(path));
  auto route = std::make_unique<Route>();
  route->verb = verb;
  route->path = path;
  route->rpc = '/' + method.service()->full_name() + '/' + method.name();
  route->upstream = upstream;
  route->index = routes_.size();
  route->api = method.options().GetExtension(api::v1::method);
  route->request = PrototypeOf(*method.input_type());
  route->reply = PrototypeOf(*method.output_type());
  route->request_plan = &json::PlanOf(*method.input_type());
  route->reply_plan = &json::PlanOf(*method.output_type());
  if (!response_body.empty()) {
    route->reply_field = route->reply_plan->Find(response_body);
    if (route->reply_field == nullptr) return refuse("response_body names no field of the reply");
  }
  route->takes_body = !body.empty();
  if (!body.empty() && body != "*") {
    route->body_field = route->request_plan->Find(body);
    if (route->body_field == nullptr) return refuse("body names no field of the request");
  }
  if (parsed.variables.size() > RouteMatch::kMaxVariables) return refuse("has too many variables");
  Node::End end{route.get(), {}, false};
  for (const HttpTemplate::Variable& variable : parsed.variables) {
    route->variables.push_back(FindField(*route->request_plan, variable.field_path));
    if (route->variables.back().empty()) return refuse("a variable names no single field of the request");
    end.variable_segments.push_back(variable.segment);
  }
  Node* node = root_.get();
  for (const HttpTemplate::Segment& segment : parsed.segments) {
    std::unique_ptr<Node>& next = segment.kind == HttpTemplate::Kind::kLiteral ? node->literals[segment.text]
                                  : segment.kind == HttpTemplate::Kind::kAny   ? node->any
                                                                               : node->rest;
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
    end.last_is_rest = segment.kind == HttpTemplate::Kind::kRest;
  }
  if (const Node::End* other = node->Find(verb)) return refuse("is the route of " + other->route->rpc + " already");
  node->ends.push_back(std::move(end));
  routes_.push_back(std::move(route));
  return absl::OkStatus();
}

absl::StatusOr<RouteMatch> RouteTable::Match(std::string_view verb, std::string_view path) const {
  path = WithoutMount(path);
  const std::vector<std::string_view> segments = SplitPath(path);
  if (segments.size() > kMaxSegments) return Error(Reason::kROUTE_NOT_FOUND);
  const std::string_view wanted = verb == "HEAD" ? "GET" : verb;
  const Node::End* end = nullptr;
  bool known = false;
  auto visit = [&](const Node& node) {
    known = known || !node.ends.empty();
    end = node.Find(wanted);
    return end != nullptr;
  };
  root_->Walk(segments, 0, visit);
  if (end == nullptr && !known) return Error(Reason::kROUTE_NOT_FOUND);
  if (end == nullptr) return WithMetadata(Error(Reason::kMETHOD_NOT_ALLOWED), "allow", AllowedVerbs(path));
  RouteMatch match{end->route, {}};
  for (std::size_t i = 0; i < end->variable_segments.size(); ++i) {
    const std::size_t segment = end->variable_segments[i];
    const bool to_the_end = end->last_is_rest && i + 1 == end->variable_segments.size();
    if (segment >= segments.size()) continue;  // `**` matches nothing, too
    const char* const begin = segments[segment].data();
    const std::string_view last = to_the_end ? segments.back() : segments[segment];
    match.values[i] = std::string_view(begin, static_cast<std::size_t>(last.data() + last.size() - begin));
  }
  return match;
}

std::string RouteTable::AllowedVerbs(std::string_view path) const {
  const std::vector<std::string_view> segments = SplitPath(WithoutMount(path));
  if (segments.size() > kMaxSegments) return "";
  std::set<std::string> verbs;
  auto visit = [&](const Node& node) {
    for (const Node::End& end : node.ends) verbs.insert(end.route->verb);
    return false;
  };
  root_->Walk(segments, 0, visit);
  if (verbs.empty()) return "";
  if (verbs.contains("GET")) verbs.insert("HEAD");
  verbs.insert("OPTIONS");
  return fmt::format("{}", fmt::join(verbs, ", "));
}

std::string_view WithoutMount(std::string_view path) {
  constexpr std::string_view kMount = "/api/v1";
  if (path.substr(0, kMount.size()) != kMount) return path;
  const std::string_view rest = path.substr(kMount.size());
  if (rest.empty()) return "/";
  return rest.front() == '/' ? rest : path;
}

}  // namespace papertape::gateway
