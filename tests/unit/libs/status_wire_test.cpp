#include "libs/rpc/status_wire.h"

#include "libs/status/status.h"
#include "tests/support/matchers.h"

namespace papertape::rpc {
namespace {

TEST_CASE("an error crosses the wire with reason, text, fields, figures and retry time") {
  Violations violations;
  violations.Add("quantity", "must be more than 0");
  violations.Add("symbol", "must be set");
  const absl::Status sent = WithRetryAfter(WithMetadata(violations.ToStatus(), "limit", "5"), 2'500);
  const absl::Status received = FromGrpc(ToGrpc(sent));
  CHECK(DetailsOf(received) == DetailsOf(sent));
  CHECK(MessageOf(received) == MessageOf(sent));
  CHECK(received.code() == sent.code());
}

TEST_CASE("the text of a bug or a library stays inside") {
  const grpc::Status wire = ToGrpc(absl::InternalError("select * from users failed at 10.0.0.7"));
  CHECK(wire.error_message() == EntryOf(Reason::kINTERNAL).text);
  CHECK(wire.error_details().find("select") == std::string::npos);
  CHECK(ToGrpc(Error(Reason::kINTERNAL, "secret")).error_message() == EntryOf(Reason::kINTERNAL).text);
}

TEST_CASE("a peer without details is understood by its code") {
  CHECK_THAT(FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connect failed")),
             testing::HasReason(Reason::kUNAVAILABLE));
  CHECK_THAT(FromGrpc(grpc::Status(grpc::StatusCode::NOT_FOUND, "x", "garbage")),
             testing::HasReason(Reason::kNOT_FOUND));
}

}  // namespace
}  // namespace papertape::rpc
