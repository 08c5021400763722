// papertape.auth.v1.KycService: decode, decide, encode. What moves documents waits for the document store, in a line of
// its own: however slow that is, sign-ins do not wait behind it. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "libs/rpc/worker_pool.h"
#include "papertape/auth/v1/kyc_service.grpc.pb.h"
#include "services/auth/domain/kyc.h"

namespace papertape::auth {

class KycService final : public v1::KycService::CallbackService {
 public:
  KycService(rpc::Gate& gate, Kyc& kyc) : gate_(gate), kyc_(kyc) {}

  grpc::ServerUnaryReactor* UploadKyc(grpc::CallbackServerContext* context, const v1::UploadKycRequest* request,
                                      v1::UploadKycReply* reply) override;
  grpc::ServerUnaryReactor* GetKycStatus(grpc::CallbackServerContext* context, const v1::GetKycStatusRequest* request,
                                         v1::KycStatus* reply) override;
  grpc::ServerUnaryReactor* GetKycDocument(grpc::CallbackServerContext* context,
                                           const v1::GetKycDocumentRequest* request, type::v1::File* reply) override;
  grpc::ServerUnaryReactor* ListKyc(grpc::CallbackServerContext* context, const v1::ListKycRequest* request,
                                    v1::ListKycReply* reply) override;
  grpc::ServerUnaryReactor* GetKyc(grpc::CallbackServerContext* context, const v1::GetKycRequest* request,
                                   v1::KycSubmission* reply) override;
  grpc::ServerUnaryReactor* ReviewKyc(grpc::CallbackServerContext* context, const v1::ReviewKycRequest* request,
                                      v1::KycSubmission* reply) override;

 private:
  static constexpr std::size_t kMovers = 2;
  static constexpr std::size_t kWaiting = 8;  // each may hold a request of 32 MiB

  rpc::Gate& gate_;
  Kyc& kyc_;
  rpc::WorkerPool movers_{kMovers, kWaiting};
};

}  // namespace papertape::auth
