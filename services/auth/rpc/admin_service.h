// papertape.auth.v1.AdminService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/auth/v1/admin_service.grpc.pb.h"
#include "services/auth/domain/administration.h"

namespace papertape::auth {

class AdminService final : public v1::AdminService::CallbackService {
 public:
  AdminService(rpc::Gate& gate, Administration& administration) : gate_(gate), administration_(administration) {}

  grpc::ServerUnaryReactor* SetRole(grpc::CallbackServerContext* context, const v1::SetRoleRequest* request,
                                    v1::SetRoleReply* reply) override;
  grpc::ServerUnaryReactor* VerifyAudit(grpc::CallbackServerContext* context, const v1::VerifyAuditRequest* request,
                                        v1::VerifyAuditReply* reply) override;
  grpc::ServerUnaryReactor* ListAudit(grpc::CallbackServerContext* context, const v1::ListAuditRequest* request,
                                      v1::ListAuditReply* reply) override;
  grpc::ServerUnaryReactor* ListAuditForOperator(grpc::CallbackServerContext* context,
                                                 const v1::ListAuditRequest* request,
                                                 v1::ListAuditReply* reply) override;

 private:
  absl::Status List(const v1::ListAuditRequest& request, v1::ListAuditReply& reply);

  rpc::Gate& gate_;
  Administration& administration_;
};

}  // namespace papertape::auth
