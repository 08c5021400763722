// Documents in an object store, sealed with the suite's data key for their owner and their own key: bytes that were
// moved to another key, or given to another user, do not open. Thread-safe.
#pragma once

#include "libs/seal/seal.h"
#include "services/auth/clients/object_store.h"
#include "services/auth/domain/kyc_ports.h"

namespace papertape::auth {

class SealedDocuments final : public DocumentStore {
 public:
  SealedDocuments(ObjectStore& objects, const Sealer& sealer) : objects_(objects), sealer_(sealer) {}
  absl::Status Put(std::int64_t user_id, const std::string& object_key, std::string_view content) override;
  absl::StatusOr<std::string> Get(std::int64_t user_id, const std::string& object_key) override;
  absl::Status Delete(const std::string& object_key) override { return objects_.Delete(object_key); }

 private:
  ObjectStore& objects_;
  const Sealer& sealer_;
};

}  // namespace papertape::auth
