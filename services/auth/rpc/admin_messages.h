// The admin protos <-> the domain.
#pragma once

#include "papertape/auth/v1/admin_service.pb.h"
#include "services/auth/domain/administration.h"

namespace papertape::auth {

AuditStretch Decode(const v1::VerifyAuditRequest& request);
// INVALID_ARGUMENT for a cursor that is none of ours.
absl::StatusOr<AuditFilter> Decode(const v1::ListAuditRequest& request);
void Encode(const RoleChanged& changed, v1::SetRoleReply& out);
void Encode(const AuditFinding& finding, v1::VerifyAuditReply& out);
void Encode(const AuditPage& page, v1::ListAuditReply& out);

}  // namespace papertape::auth
