// The operator's way to the running suite: auth's AdminService, called with the suite's own credential. Not
// thread-safe.
#pragma once

#include <memory>
#include <string>

#include "libs/rpc/channel.h"
#include "papertape/auth/v1/admin_service.grpc.pb.h"

namespace papertape::cli {

class OperatorClient {
 public:
  OperatorClient(const std::string& address, const std::string& secret_key)
      : peer_({.name = "auth", .address = address, .secret_key = secret_key, .timeout = std::chrono::seconds(10)},
              SystemClock()),
        stub_(auth::v1::AdminService::NewStub(peer_.channel())) {}

  absl::StatusOr<auth::v1::SetRoleReply> SetRole(const auth::v1::SetRoleRequest& request) {
    return peer_.Ask<auth::v1::SetRoleReply>(nullptr, [&](grpc::ClientContext& context, auth::v1::SetRoleReply& reply) {
      return stub_->SetRole(&context, request, &reply);
    });
  }
  absl::StatusOr<auth::v1::VerifyAuditReply> VerifyAudit(const auth::v1::VerifyAuditRequest& request) {
    return peer_.Ask<auth::v1::VerifyAuditReply>(nullptr,
                                                 [&](grpc::ClientContext& context, auth::v1::VerifyAuditReply& reply) {
                                                   return stub_->VerifyAudit(&context, request, &reply);
                                                 });
  }
  absl::StatusOr<auth::v1::ListAuditReply> ListAudit(const auth::v1::ListAuditRequest& request) {
    return peer_.Ask<auth::v1::ListAuditReply>(nullptr,
                                               [&](grpc::ClientContext& context, auth::v1::ListAuditReply& reply) {
                                                 return stub_->ListAuditForOperator(&context, request, &reply);
                                               });
  }

 private:
  rpc::Peer peer_;
  std::unique_ptr<auth::v1::AdminService::Stub> stub_;
};

}  // namespace papertape::cli
