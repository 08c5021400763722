// absl::Status with Papertape's details <-> grpc::Status with google.rpc details (ErrorInfo, BadRequest, RetryInfo).
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace papertape::rpc {

// A reason's text crosses as it is; the message of a status without a reason (a bug, a library) is replaced by the
// default text for its code, so that no internals leak.
grpc::Status ToGrpc(const absl::Status& status);
// Also understands peers that send no details.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace papertape::rpc
