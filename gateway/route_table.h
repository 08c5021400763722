// All routes, built from the descriptors that are linked in: no route is written by hand. Every route is served under
// `/` and `/api/v1`; slashes at the end never matter; a literal segment beats a variable. Immutable; thread-safe.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/route.h"

namespace papertape::gateway {

// A proto file whose services one upstream serves.
struct ServedFile {
  const google::protobuf::FileDescriptor* file = nullptr;
  std::size_t upstream = 0;
};

class RouteTable {
 public:
  // Refuses a rule that cannot be parsed, that names a field which is not there, or that another method has already;
  // leaves out methods without a rule, without papertape.api's option, and those that are internal.
  static absl::StatusOr<RouteTable> Build(const std::vector<ServedFile>& files);
  ~RouteTable();
  RouteTable(RouteTable&&) noexcept;
  RouteTable& operator=(RouteTable&&) noexcept;

  // ROUTE_NOT_FOUND, or METHOD_NOT_ALLOWED (whose metadata `allow` lists the verbs) where another verb would do. HEAD
  // is served by GET. `path` must outlive the match.
  [[nodiscard]] absl::StatusOr<RouteMatch> Match(std::string_view verb, std::string_view path) const;
  // The verbs of a path, "GET, HEAD, POST, OPTIONS"; empty for an unknown one.
  [[nodiscard]] std::string AllowedVerbs(std::string_view path) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Node;
  RouteTable();
  absl::Status AddMethod(const google::protobuf::MethodDescriptor& method, std::size_t upstream);
  absl::Status AddRule(const google::protobuf::MethodDescriptor& method, std::size_t upstream, std::string_view verb,
                       std::string_view path, std::string_view body, std::string_view response_body);

  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

// The path without the mount `/api/v1`, if it has it.
std::string_view WithoutMount(std::string_view path);

}  // namespace papertape::gateway
