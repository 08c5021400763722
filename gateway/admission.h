// The steps between a request's arrival and its work: who asks, and whether they have asked too often. Either may have
// to ask elsewhere, so that the rest of the request's way is what it calls when it knows. Thread-safe.
#pragma once

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/exchange.h"
#include "gateway/key_exchange.h"
#include "gateway/rate_limiter.h"
#include "gateway/shared_limiter.h"
#include "libs/auth/token.h"
#include "papertape/api/v1/options.pb.h"

namespace papertape::gateway {

class Admission {
 public:
  // Called once, on the exchange's I/O thread: OK, or why the request is refused.
  using Done = std::function<void(const absl::Status& refusal)>;

  Admission(auth::TokenVerifier& verifier, KeyExchange& keys, SharedLimiter& limiter, RateLimits limits)
      : verifier_(verifier), keys_(keys), limiter_(limiter), limits_(limits) {}

  // Sets the exchange's `caller` from its `bearer`, or from the request's API key, for which it also sets the `bearer`;
  // then counts the request (its `rate`). Refuses only who has asked too often: a credential that is no good is counted
  // like the rest, and what it means is for the route to say. On the exchange's I/O thread; `done` is called within the
  // call when nothing has to be asked.
  void Admit(const ExchangePtr& exchange, api::v1::RateClass rate_class, Done done);

 private:
  using Next = std::function<void()>;
  using Apply = std::function<void(const absl::StatusOr<ExchangedKey>&)>;
  void Identify(const ExchangePtr& exchange, const Next& next);
  void Count(const ExchangePtr& exchange, api::v1::RateClass rate_class, const Done& done);

  void AskForKey(const ExchangePtr& exchange, std::string_view id, std::string_view secret, const Apply& apply,
                 const Next& next);
  void IdentifyByKey(const ExchangePtr& exchange, std::string_view id, std::string_view secret, const Next& next);

  auth::TokenVerifier& verifier_;
  KeyExchange& keys_;
  SharedLimiter& limiter_;
  const RateLimits limits_;
};

// The token of "Bearer <token>", the scheme in any case; empty for anything else.
std::string_view BearerOf(std::string_view authorization);

}  // namespace papertape::gateway
