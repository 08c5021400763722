#include "gateway/admission.h"

#include <cctype>
#include <utility>

#include "libs/status/status.h"

namespace papertape::gateway {

std::string_view BearerOf(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(authorization[i])) != kScheme[i]) return {};
  }
  authorization.remove_prefix(kScheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization;
}

void Admission::Admit(const ExchangePtr& exchange, api::v1::RateClass rate_class, Done done) {
  Identify(exchange, [this, exchange, rate_class, done = std::move(done)] { Count(exchange, rate_class, done); });
}

void Admission::Identify(const ExchangePtr& exchange, const Next& next) {
  if (!exchange->bearer.empty()) {
    exchange->caller = verifier_.Verify(exchange->bearer);
    return next();
  }
  const std::string_view id = exchange->request.Header("x-api-key");
  const std::string_view secret = exchange->request.Header("x-api-secret");
  if (id.empty() && secret.empty()) return next();
  IdentifyByKey(exchange, id, secret, next);
}

void Admission::IdentifyByKey(const ExchangePtr& exchange, std::string_view id, std::string_view secret,
                              const Next& next) {
  const Apply apply = [exchange](const absl::StatusOr<ExchangedKey>& key) {
    if (!key.ok()) {
      exchange->caller = key.status();
      return;
    }
    exchange->bearer = key->bearer;
    exchange->caller = key->caller;
  };
  if (const auto known = keys_.Recall(id, secret)) {
    apply(*known);
    return next();
  }
  // Whoever has no token yet is a stranger: an address may have so many keys looked up as it may make requests.
  const RateBucket bucket = BucketOf(limits_, api::v1::RATE_CLASS_UNSPECIFIED, {.client = exchange->client});
  const auto ask = [this, exchange, id, secret, apply, next](const absl::StatusOr<RateDecision>& decision) {
    if (decision.ok() && decision->allowed) return AskForKey(exchange, id, secret, apply, next);
    apply(decision.ok() ? WithRetryAfter(Error(Reason::kRATE_LIMITED), decision->retry_after.count())
                        : decision.status());
    next();
  };
  limiter_.Count(bucket, exchange->session->thread(), ask);
}

void Admission::AskForKey(const ExchangePtr& exchange, std::string_view id, std::string_view secret, const Apply& apply,
                          const Next& next) {
  keys_.Ask(id, secret,
            {.request_id = exchange->ids.request_id,
             .traceparent = exchange->ids.traceparent,
             .client_address = exchange->client.to_string()},
            [exchange, apply, next](const absl::StatusOr<ExchangedKey>& key) {
              exchange->session->thread().Post([apply, next, key] {
                apply(key);
                next();
              });
            });
}

void Admission::Count(const ExchangePtr& exchange, api::v1::RateClass rate_class, const Done& done) {
  RateSubject subject{.client = exchange->client};
  if (exchange->caller.ok()) {
    subject.user_id = exchange->caller->user_id;
    // The session of a token that was made from an API key is the key's.
    if (exchange->caller->session_id.starts_with("key-")) subject.api_key = exchange->caller->session_id;
  }
  const RateBucket bucket = BucketOf(limits_, rate_class, subject);
  limiter_.Count(bucket, exchange->session->thread(), [exchange, done](const absl::StatusOr<RateDecision>& decision) {
    if (!decision.ok()) return done(decision.status());
    exchange->rate = *decision;
    if (decision->allowed) return done(absl::OkStatus());
    done(WithRetryAfter(Error(Reason::kRATE_LIMITED), decision->retry_after.count()));
  });
}

}  // namespace papertape::gateway
