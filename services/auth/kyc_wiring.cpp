#include "services/auth/kyc_wiring.h"

#include "libs/auth/keyed_hash.h"
#include "libs/events/repeating_thread.h"
#include "libs/ids/ids.h"
#include "libs/rpc/method_table.h"
#include "libs/status/status.h"
#include "services/auth/clients/local_object_store.h"
#include "services/auth/clients/s3_object_store.h"
#include "services/auth/clients/sealed_documents.h"
#include "services/auth/domain/kyc.h"
#include "services/auth/rpc/kyc_service.h"
#include "services/auth/store/pg_kyc_store.h"

namespace papertape::auth {
namespace {

constexpr std::chrono::minutes kSweepEvery{10};

// Where documents lie.
ObjectStore& WireObjects(service::Host& host, const Config& config) {
  if (!config.s3.bucket.empty()) return host.Own<S3ObjectStore>(config.s3, host.clock());
  auto& directory = host.Own<LocalObjectStore>(config.documents_directory, SystemRandom());
  host.AddPart(
      "documents", [&directory] { return directory.Prepare(); }, [] {});
  return directory;
}

}  // namespace

void WireKyc(service::Host& host, const Config& config, pg::Pool& pool, const AuditTrail& trail, events::Relay& relay) {
  auto& sealer = host.Own<Sealer>(config.data_keys, SystemRandom());
  auto& documents = host.Own<SealedDocuments>(WireObjects(host, config), sealer);
  auto& ids = host.Own<IdSource>(host.clock(), SystemRandom());
  auto& store = host.Own<PgKycStore>(pool, ids, trail, [&relay] { relay.Notify(); });
  auto& kyc = host.Own<Kyc>(
      Kyc::Ports{.store = store, .documents = documents, .sha256 = Digest, .ids = ids, .clock = host.clock()});
  auto& sweeper = host.Own<events::RepeatingThread>("the sweep of unfinished documents",
                                                    [&kyc]() -> absl::StatusOr<std::chrono::milliseconds> {
                                                      PT_RETURN_IF_ERROR(kyc.Sweep().status());
                                                      return kSweepEvery;
                                                    });
  host.AddThread("document sweep", sweeper);
  const auto* upload = rpc::DeclarationOf("papertape.auth.v1.KycService.UploadKyc");
  host.AcceptRequestsOf(static_cast<std::size_t>(upload->body_limit_bytes()));
  host.Serve(std::make_shared<KycService>(host.gate(), kyc));
}

}  // namespace papertape::auth
