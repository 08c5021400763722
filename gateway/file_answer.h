// A file as an HTTP answer: to be saved, never shown or run in the browser. Stateless; thread-safe.
#pragma once

#include "gateway/http_response.h"
#include "papertape/type/v1/file.pb.h"

namespace papertape::gateway {

// A media type that is not among those which are known to be harmless to name is `application/octet-stream`.
HttpResponse ToAnswer(const type::v1::File& file);

// `attachment; filename="..."; filename*=UTF-8''...` (RFC 6266): quotes, backslashes and whatever is not printable
// ASCII stand as `_` in the first and encoded in the second.
std::string AttachmentNamed(std::string_view name);

}  // namespace papertape::gateway
