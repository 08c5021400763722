// One route: an HTTP rule of one method, with everything that serving it needs worked out at start.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libs/json/json_plan.h"
#include "papertape/api/v1/options.pb.h"

namespace papertape::gateway {

// The field that a path variable goes to: the fields on the way to it, and itself.
using FieldPath = std::vector<const json::FieldPlan*>;

struct Route {
  std::string verb;                                    // "GET"
  std::string path;                                    // the template, for metrics and logs
  std::string rpc;                                     // "/papertape.auth.v1.AuthService/Login"
  std::size_t upstream = 0;                            // which service is asked
  std::size_t index = 0;                               // in the table
  api::v1::MethodApi api;                              // who may call, success status, rate class, edge source, timeout
  const google::protobuf::Message* request = nullptr;  // prototypes; of the generated factory, which outlives all
  const google::protobuf::Message* reply = nullptr;
  const json::MessagePlan* request_plan = nullptr;
  const json::MessagePlan* reply_plan = nullptr;
  const json::FieldPlan* reply_field = nullptr;  // what is printed, when it is not the whole reply
  bool takes_body = false;
  const json::FieldPlan* body_field = nullptr;  // what the body is, when it is not the whole request
  std::vector<FieldPath> variables;
};

// A request's path laid on a route's template. The values are still encoded and point into the path.
struct RouteMatch {
  static constexpr std::size_t kMaxVariables = 8;
  const Route* route = nullptr;
  std::array<std::string_view, kMaxVariables> values;
};

}  // namespace papertape::gateway
