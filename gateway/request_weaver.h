// Weaves the parts of an HTTP request into the request message of a route: the query first, then the body, then the
// path, so that where a field is given twice the path wins. Stateless; thread-safe.
#pragma once

#include <google/protobuf/message.h>

#include <string_view>

#include "absl/status/status.h"
#include "gateway/route.h"

namespace papertape::gateway {

struct RequestParts {
  std::string_view query;         // without the `?`, still encoded
  std::string_view content_type;  // empty when the request has none
  std::string_view body;
};

// `request` must be an empty message of the route's type. Query parameters may be nested with dots, repeated for lists,
// in snake_case or camelCase; unknown ones, and empty ones that are no text, are ignored. A body must be JSON by its
// content type; one without a type is taken for it, and an empty one is `{}`. Where the request type says so, it may be
// a multipart form, or, where it has one field that takes a file, CSV as that file. Answers every wrong field at once;
// UNSUPPORTED_MEDIA_TYPE; or MALFORMED_REQUEST.
absl::Status Weave(const RouteMatch& match, const RequestParts& parts, google::protobuf::Message& request);

// application/json or another +json type, in UTF-8.
bool IsJsonType(std::string_view content_type);

}  // namespace papertape::gateway
