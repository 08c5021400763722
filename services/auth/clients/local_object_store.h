// Objects as files of one directory, for one machine. A file is written beside its place, flushed to the disk and moved
// there, so that a crash leaves the old one or the new one. Thread-safe.
#pragma once

#include <filesystem>
#include <string>

#include "libs/ids/ids.h"
#include "services/auth/clients/object_store.h"

namespace papertape::auth {

class LocalObjectStore final : public ObjectStore {
 public:
  // `random` names files on their way and is thread-safe.
  LocalObjectStore(std::filesystem::path root, RandomBits random)
      : root_(std::move(root)), random_(std::move(random)) {}
  // Makes the directory, for its owner alone, and writes in it. What is wrong stands in the message.
  [[nodiscard]] absl::Status Prepare() const;

  absl::Status Put(const std::string& key, std::string_view bytes) override;
  absl::StatusOr<std::string> Get(const std::string& key) override;
  absl::Status Delete(const std::string& key) override;

 private:
  const std::filesystem::path root_;
  const RandomBits random_;
};

}  // namespace papertape::auth
