// Data at rest that nobody reads without the key: documents, queued mails, credentials of others. AES-256-GCM with a
// random nonce; the context says what the data is and whose ("kyc/17/01J..."), so that a sealed text that was moved to
// another place does not open there. Thread-safe.
//
// Sealed: version (1 byte, 0x01), key id (4), nonce (12), ciphertext, tag (16). The version, the key id and the context
// are authenticated. With random nonces one key is good for 2^32 texts (SP 800-38D, 8.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/config/settings.h"
#include "libs/ids/ids.h"

namespace papertape {

// Keys of 32 bytes each.
struct SealKeys {
  std::string current;
  std::optional<std::string> previous;  // still opens what was sealed before the key was changed
};

// PAPERTAPE_DATA_KEY and PAPERTAPE_DATA_KEY_PREVIOUS. A key that is not 32 bytes in base 64 is a mistake noted in
// `settings`, which keeps the process from starting; values are in no message.
SealKeys ReadSealKeys(Settings& settings);

class Sealer {
 public:
  static constexpr std::size_t kOverheadBytes = 33;

  // `random` makes the nonces and is thread-safe.
  Sealer(const SealKeys& keys, RandomBits random);

  // INVALID_ARGUMENT beyond 1 GiB.
  [[nodiscard]] absl::StatusOr<std::string> Seal(std::string_view plain, std::string_view context) const;

  // DATA_LOSS for what is not a sealed text, was changed or cut, or belongs to another context; FAILED_PRECONDITION
  // when it was sealed with a key that is not here.
  [[nodiscard]] absl::StatusOr<std::string> Open(std::string_view sealed, std::string_view context) const;

 private:
  struct Key {
    std::string id;
    std::string bytes;
  };
  static Key MakeKey(const std::string& bytes);

  const Key current_;
  std::optional<Key> previous_;
  const RandomBits random_;
};

}  // namespace papertape
