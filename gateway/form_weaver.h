// Weaves a multipart form into a request message, as the message's fields declare it (papertape.api, FormApi). No route
// is named here. Stateless; thread-safe.
#pragma once

#include <google/protobuf/message.h>

#include <vector>

#include "gateway/multipart.h"
#include "libs/json/json_plan.h"
#include "libs/status/status.h"

namespace papertape::gateway {

// Whether requests of this type may come as a form.
bool TakesForm(const json::MessagePlan& plan);

// The field of the type itself that takes a file, where there is exactly one; null otherwise.
const json::FieldPlan* OnlyFileOf(const json::MessagePlan& plan);

// Parts whose names mean nothing here are passed over, and so is a file part without name and content, which is how
// browsers send a file that nobody chose. Every wrong part is named in `violations`.
void WeaveForm(const std::vector<FormPart>& parts, const json::MessagePlan& plan, google::protobuf::Message& message,
               Violations& violations);

}  // namespace papertape::gateway
