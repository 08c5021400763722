#include "services/auth/rpc/kyc_service.h"

#include "libs/auth/caller.h"
#include "libs/rpc/proto_types.h"
#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/auth/rpc/kyc_messages.h"
#include "services/auth/rpc/origin.h"

namespace papertape::auth {

grpc::ServerUnaryReactor* KycService::UploadKyc(grpc::CallbackServerContext* context,
                                                const v1::UploadKycRequest* request, v1::UploadKycReply* reply) {
  return gate_.BlockingOn(
      movers_, context, "papertape.auth.v1.KycService.UploadKyc", request, reply,
      [this](const rpc::Call& call, const v1::UploadKycRequest& in, v1::UploadKycReply& out) -> absl::Status {
        using Documents = std::vector<KycDocument>;
        const auto repeatable = rpc::RepeatableAs<Documents, v1::UploadKycReply>(call);
        PT_ASSIGN_OR_RETURN(const Documents documents, kyc_.Upload(OriginOf(call), Decode(in), repeatable));
        Encode(documents, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* KycService::GetKycStatus(grpc::CallbackServerContext* context,
                                                   const v1::GetKycStatusRequest* request, v1::KycStatus* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.KycService.GetKycStatus", request, reply,
      [this](const rpc::Call& call, const v1::GetKycStatusRequest&, v1::KycStatus& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const KycSubmission submission, kyc_.Find(call.caller.user_id));
        Encode(submission, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* KycService::GetKycDocument(grpc::CallbackServerContext* context,
                                                     const v1::GetKycDocumentRequest* request, type::v1::File* reply) {
  return gate_.BlockingOn(
      movers_, context, "papertape.auth.v1.KycService.GetKycDocument", request, reply,
      [this](const rpc::Call& call, const v1::GetKycDocumentRequest& in, type::v1::File& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(OpenedDocument opened, kyc_.Open(OriginOf(call), call.caller.is_admin(), in.id()));
        Encode(std::move(opened), out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* KycService::ListKyc(grpc::CallbackServerContext* context, const v1::ListKycRequest* request,
                                              v1::ListKycReply* reply) {
  return gate_.Blocking(context, "papertape.auth.v1.KycService.ListKyc", request, reply,
                        [this](const rpc::Call&, const v1::ListKycRequest& in, v1::ListKycReply& out) -> absl::Status {
                          const rpc::Page asked = rpc::PageOf(in);
                          PT_ASSIGN_OR_RETURN(const KycPage page, kyc_.List(in.status(), asked.offset, asked.size));
                          Encode(page, asked, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* KycService::GetKyc(grpc::CallbackServerContext* context, const v1::GetKycRequest* request,
                                             v1::KycSubmission* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.KycService.GetKyc", request, reply,
      [this](const rpc::Call& call, const v1::GetKycRequest& in, v1::KycSubmission& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::int64_t user_id, ResolveUser(call.caller, in.user_id()));
        PT_ASSIGN_OR_RETURN(const KycSubmission submission, kyc_.Find(user_id));
        Encode(submission, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* KycService::ReviewKyc(grpc::CallbackServerContext* context,
                                                const v1::ReviewKycRequest* request, v1::KycSubmission* reply) {
  return gate_.Blocking(
      context, "papertape.auth.v1.KycService.ReviewKyc", request, reply,
      [this](const rpc::Call& call, const v1::ReviewKycRequest& in, v1::KycSubmission& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::int64_t user_id, ResolveUser(call.caller, in.user_id()));
        PT_ASSIGN_OR_RETURN(const KycSubmission submission,
                            kyc_.Review(OriginOf(call), user_id, in.decision(), in.reason(), rpc::KeyOf(call)));
        Encode(submission, out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::auth
