// Reads JSON from strangers into messages: strict JSON (no comments, no trailing commas, valid UTF-8), at most 64
// levels deep, no recursion. Names are accepted in snake_case and camelCase, unknown ones ignored; numbers never pass
// through a double; a number, boolean or time may also come as a string. `null` leaves a field unset. Where the
// outermost message has an `update_mask`, it receives the names that the client gave: `null` there means to clear. A
// field that is given twice is refused: which of two prices is meant is not ours to guess. Thread-safe.
#pragma once

#include <google/protobuf/message.h>

#include <string_view>

#include "absl/status/status.h"
#include "libs/json/json_plan.h"
#include "libs/status/status.h"

namespace papertape::json {

inline constexpr int kMaxDepth = 64;

// Adds every wrong field to `violations` and goes on, so that the client hears of all at once. MALFORMED_REQUEST, with
// the offset, for what is not JSON or too deep; `message` is then half read. The text must hold one object.
absl::Status ReadJson(std::string_view text, google::protobuf::Message& message, Violations& violations);
// The text holds one value, which is that of `field` in `message`.
absl::Status ReadField(std::string_view text, const FieldPlan& field, google::protobuf::Message& message,
                       Violations& violations);
// The same with violations as the status.
absl::Status ReadJson(std::string_view text, google::protobuf::Message& message);

}  // namespace papertape::json
