#include "libs/rpc/status_wire.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include "libs/status/status.h"

namespace papertape::rpc {
namespace {

constexpr char kDomain[] = "papertape";

// A status of a library has no payload of ours; its text may name hosts, files or SQL and stays inside.
bool IsOurs(const absl::Status& status, const ErrorDetails& details) {
  bool has_payload = false;
  status.ForEachPayload([&](absl::string_view, const absl::Cord&) { has_payload = true; });
  return has_payload && details.reason != Reason::kINTERNAL;
}

google::rpc::Status Encode(const ErrorDetails& details, std::string_view message) {
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(EntryOf(details.reason).code));
  wire.set_message(message.data(), message.size());
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(EntryOf(details.reason).name));
  info.set_domain(kDomain);
  for (const auto& [key, value] : details.metadata) (*info.mutable_metadata())[key] = value;
  wire.add_details()->PackFrom(info);
  if (!details.violations.empty()) {
    google::rpc::BadRequest bad;
    for (const auto& [field, description] : details.violations) {
      auto* violation = bad.add_field_violations();
      violation->set_field(field);
      violation->set_description(description);
    }
    wire.add_details()->PackFrom(bad);
  }
  if (details.retry_after_ms > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(details.retry_after_ms / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(details.retry_after_ms % 1000) * 1'000'000);
    wire.add_details()->PackFrom(retry);
  }
  return wire;
}

void Decode(const google::protobuf::Any& any, ErrorDetails& details) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad;
  google::rpc::RetryInfo retry;
  if (any.UnpackTo(&info)) {
    if (const ReasonEntry* entry = FindReason(info.reason())) details.reason = entry->reason;
    for (const auto& [key, value] : info.metadata()) details.metadata[key] = value;
  } else if (any.UnpackTo(&bad)) {
    for (const auto& violation : bad.field_violations()) {
      details.violations.push_back({violation.field(), violation.description()});
    }
  } else if (any.UnpackTo(&retry)) {
    details.retry_after_ms = retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1'000'000;
  }
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const ErrorDetails details = DetailsOf(status);
  const ReasonEntry& entry = EntryOf(details.reason);
  const std::string_view message = IsOurs(status, details) ? MessageOf(status) : entry.text;
  const google::rpc::Status wire = Encode(details, message);
  return {static_cast<grpc::StatusCode>(wire.code()), wire.message(), wire.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  ErrorDetails details = DetailsOf(absl::Status(static_cast<absl::StatusCode>(status.error_code()), ""));
  google::rpc::Status wire;
  if (status.error_details().empty() || !wire.ParseFromString(status.error_details())) {
    return Error(details, EntryOf(details.reason).text);
  }
  for (const google::protobuf::Any& any : wire.details()) Decode(any, details);
  return Error(details, status.error_message());
}

}  // namespace papertape::rpc
