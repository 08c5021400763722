// Prints messages as JSON, straight into a string (about 0.3 us for ten fields). Names are the proto's own, or the
// json_name where the message carries `print_json_names`; decimals and 64-bit integers are exact numbers, doubles the
// shortest text that reads back equal (NaN and infinities: null), times RFC 3339 in UTC, enums their word without the
// enum's prefix, bytes base64, `raw_json` fields as they are. What is absent is null, or left out under `omit_absent`;
// an empty list is []; map keys are sorted, and under `flatten` stand among the message's own. Thread-safe.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "libs/json/json_plan.h"

namespace papertape::json {

// Appends to `out`.
void WriteJson(const google::protobuf::Message& message, std::string& out);
// The same, sparing the look-up of the plan. `plan` must be that of the message's type.
void WriteJson(const MessagePlan& plan, const google::protobuf::Message& message, std::string& out);
// Appends the value of one field alone.
void WriteField(const FieldPlan& field, const google::protobuf::Message& message, std::string& out);

std::string ToJson(const google::protobuf::Message& message);

}  // namespace papertape::json
