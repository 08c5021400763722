#include "services/auth/rpc/admin_service.h"

#include "libs/status/status.h"
#include "services/auth/rpc/admin_messages.h"
#include "services/auth/rpc/origin.h"

namespace papertape::auth {

grpc::ServerUnaryReactor* AdminService::SetRole(grpc::CallbackServerContext* context, const v1::SetRoleRequest* request,
                                                v1::SetRoleReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.AdminService.SetRole", request, reply,
                        [this](const rpc::Call& call, const v1::SetRoleRequest& in, v1::SetRoleReply& out) {
                          const auto changed = administration_.SetRole(in.email(), in.role(), OperatorOf(call));
                          if (changed.ok()) Encode(*changed, out);
                          return changed.status();
                        });
}

grpc::ServerUnaryReactor* AdminService::VerifyAudit(grpc::CallbackServerContext* context,
                                                    const v1::VerifyAuditRequest* request,
                                                    v1::VerifyAuditReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.AdminService.VerifyAudit", request, reply,
                        [this](const rpc::Call&, const v1::VerifyAuditRequest& in, v1::VerifyAuditReply& out) {
                          const auto finding = administration_.CheckAudit(Decode(in));
                          if (finding.ok()) Encode(*finding, out);
                          return finding.status();
                        });
}

grpc::ServerUnaryReactor* AdminService::ListAudit(grpc::CallbackServerContext* context,
                                                  const v1::ListAuditRequest* request, v1::ListAuditReply* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.AdminService.ListAudit", request, reply,
      [this](const rpc::Call&, const v1::ListAuditRequest& in, v1::ListAuditReply& out) { return List(in, out); });
}

grpc::ServerUnaryReactor* AdminService::ListAuditForOperator(grpc::CallbackServerContext* context,
                                                             const v1::ListAuditRequest* request,
                                                             v1::ListAuditReply* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.AdminService.ListAuditForOperator", request, reply,
      [this](const rpc::Call&, const v1::ListAuditRequest& in, v1::ListAuditReply& out) { return List(in, out); });
}

absl::Status AdminService::List(const v1::ListAuditRequest& request, v1::ListAuditReply& reply) {
  PT_ASSIGN_OR_RETURN(const AuditFilter filter, Decode(request));
  PT_ASSIGN_OR_RETURN(const AuditPage page, administration_.ListAudit(filter, request.email()));
  Encode(page, reply);
  return absl::OkStatus();
}

}  // namespace papertape::auth
