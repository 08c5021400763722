// The KYC protos <-> the domain.
#pragma once

#include <vector>

#include "libs/rpc/proto_types.h"
#include "papertape/auth/v1/kyc_service.pb.h"
#include "services/auth/domain/kyc.h"

namespace papertape::auth {

// The contents stay in `request`.
std::vector<GivenDocument> Decode(const v1::UploadKycRequest& request);

void Encode(const std::vector<KycDocument>& documents, v1::UploadKycReply& out);
// All but where the contents are.
void Decode(const v1::UploadKycReply& reply, std::vector<KycDocument>& out);
void Encode(const KycSubmission& submission, v1::KycStatus& out);
void Encode(const KycSubmission& submission, v1::KycSubmission& out);
void Encode(const KycPage& page, const rpc::Page& asked, v1::ListKycReply& out);
void Encode(OpenedDocument opened, type::v1::File& out);

}  // namespace papertape::auth
