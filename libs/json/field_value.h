// One value, as a client wrote it, into one field: what the JSON reader does with scalars and the gateway with path
// variables and query parameters.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "libs/json/json_plan.h"

namespace papertape::json {

// How the value was written.
enum class Written {
  kNumber,  // a JSON number, or NaN and Infinity, which no field accepts
  kString,  // a JSON string: also accepted where it spells a number, a boolean or a time
  kBool,    // `true` or `false`
  kPlain,   // a path segment or a query parameter
};

// Sets the field, or adds to it when it is a list. Answers what is wrong ("must be a whole number"), empty when
// nothing is. The field must not be a map nor, other than decimals and times, a message.
std::string SetValue(const FieldPlan& plan, Written written, std::string_view text, google::protobuf::Message& message);

// "must be a number": what a field accepts, for a value of another kind.
std::string WhatIsWanted(const FieldPlan& plan);

}  // namespace papertape::json
