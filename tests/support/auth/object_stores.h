// An object store in memory that can be told to fail, and what every ObjectStore keeps to.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/auth/clients/object_store.h"

namespace papertape::auth::testing {

// Thread-safe.
class MemoryObjectStore final : public ObjectStore {
 public:
  absl::Status Put(const std::string& key, std::string_view bytes) override;
  absl::StatusOr<std::string> Get(const std::string& key) override;
  absl::Status Delete(const std::string& key) override;

  // From now on, what every call answers; OK ends it.
  void Fail(absl::Status status);
  [[nodiscard]] std::vector<std::string> Keys();
  // The bytes as they lie there.
  std::string& At(const std::string& key);

 private:
  std::mutex mutex_;
  absl::Status failure_;
  std::map<std::string, std::string> objects_;
};

// `store` is empty at first.
void CheckObjectStoreContract(ObjectStore& store);

}  // namespace papertape::auth::testing
