// Bytes under keys, outside the database: a local directory or S3. A key is letters, digits, `-`, `_` and `/` between
// non-empty parts. Implementations are thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace papertape::auth {

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  // Durable when it answers OK; what was there before is replaced, by all of the new bytes or none. INVALID_ARGUMENT
  // for what is no key; UNAVAILABLE when the store cannot be reached in time or refuses for now.
  virtual absl::Status Put(const std::string& key, std::string_view bytes) = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<std::string> Get(const std::string& key) = 0;
  // OK when there is nothing under the key, too.
  virtual absl::Status Delete(const std::string& key) = 0;
};

bool IsObjectKey(std::string_view key);

}  // namespace papertape::auth
