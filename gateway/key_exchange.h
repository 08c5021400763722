// Exchanges a client's API key for an access token at auth, once for each key in a token's life: tokens are remembered
// until shortly before they expire or are revoked, refusals for some seconds, and requests that come with one key
// meanwhile wait for one answer. What is remembered is found by a digest of key and secret, and bounded. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/grpc_invoker.h"
#include "libs/auth/token.h"
#include "libs/clock/clock.h"

namespace papertape::gateway {

// A token and whom it names.
struct ExchangedKey {
  std::string bearer;
  auth::Caller caller;
};

class KeyExchange {
 public:
  static constexpr std::size_t kRemembered = 16'384;
  static constexpr std::size_t kRefusalsRemembered = 4'096;
  static constexpr std::size_t kWaiting = 1'024;  // keys that are being asked for at once
  static constexpr std::chrono::seconds kRefusalLife{10};
  static constexpr std::chrono::seconds kRenewBefore{30};  // of a token's end

  // INVALID_API_KEY, or why auth could not be asked.
  using Done = std::function<void(const absl::StatusOr<ExchangedKey>&)>;

  // `invoker` and `verifier` outlive this; `auth` is the number of auth among the invoker's upstreams.
  KeyExchange(GrpcInvoker& invoker, std::size_t auth, auth::TokenVerifier& verifier, const Clock& clock)
      : invoker_(invoker), auth_(auth), verifier_(verifier), clock_(clock) {}

  // What is remembered of the key, without asking anybody; nothing when auth has to be asked.
  std::optional<absl::StatusOr<ExchangedKey>> Recall(std::string_view id, std::string_view secret);
  // Asks auth; `done` is called once, on a gRPC thread or within the call. `metadata` says who asks.
  void Ask(std::string_view id, std::string_view secret, CallMetadata metadata, Done done);

 private:
  class ExchangeCall;
  static std::string NameOf(std::string_view id, std::string_view secret);
  void Answered(const std::string& name, const absl::StatusOr<std::string>& token);
  absl::StatusOr<ExchangedKey> Remember(const std::string& name, const absl::StatusOr<std::string>& token);

  GrpcInvoker& invoker_;
  const std::size_t auth_;
  auth::TokenVerifier& verifier_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::string> tokens_;  // by name
  std::unordered_map<std::string, Instant> refused_;     // until when
  std::unordered_map<std::string, std::vector<Done>> waiting_;
};

}  // namespace papertape::gateway
