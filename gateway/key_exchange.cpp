#include "gateway/key_exchange.h"

#include <utility>

#include "libs/auth/keyed_hash.h"
#include "libs/status/status.h"
#include "papertape/auth/v1/api_key_service.pb.h"

namespace papertape::gateway {
namespace {

const std::string kExchange = "/papertape.auth.v1.ApiKeyService/ExchangeApiKey";
constexpr std::size_t kKeyBytes = 128;  // longer than any key or secret of ours

}  // namespace

class KeyExchange::ExchangeCall : public UnaryCall {
 public:
  ExchangeCall(KeyExchange& exchange, std::string name)
      : UnaryCall(auth::v1::ExchangeApiKeyRequest::default_instance(),
                  auth::v1::ExchangeApiKeyReply::default_instance()),
        exchange_(exchange),
        name_(std::move(name)) {}

  void OnDone(const absl::Status& status) override {
    if (!status.ok()) return exchange_.Answered(name_, status);
    exchange_.Answered(name_, static_cast<const auth::v1::ExchangeApiKeyReply&>(reply()).access_token());
  }

 private:
  KeyExchange& exchange_;
  const std::string name_;
};

// The secret itself is not kept, and the same digest never stands for two pairs.
std::string KeyExchange::NameOf(std::string_view id, std::string_view secret) {
  return auth::Digest(std::to_string(id.size()) + ":" + std::string(id) + std::string(secret));
}

std::optional<absl::StatusOr<ExchangedKey>> KeyExchange::Recall(std::string_view id, std::string_view secret) {
  if (id.size() > kKeyBytes || secret.size() > kKeyBytes) return Error(Reason::kINVALID_API_KEY);
  const std::string name = NameOf(id, secret);
  std::string token;
  {
    const std::lock_guard lock(mutex_);
    const auto refused = refused_.find(name);
    if (refused != refused_.end() && clock_.Steady() < refused->second) return Error(Reason::kINVALID_API_KEY);
    const auto known = tokens_.find(name);
    if (known == tokens_.end()) return std::nullopt;
    token = known->second;
  }
  absl::StatusOr<auth::Caller> caller = verifier_.Verify(token);
  if (caller.ok() && caller->expires_at - kRenewBefore > clock_.Now()) {
    return ExchangedKey{.bearer = std::move(token), .caller = *std::move(caller)};
  }
  // Nobody can tell whether it was revoked: auth could not be asked for another either.
  if (absl::IsUnavailable(caller.status())) return caller.status();
  const std::lock_guard lock(mutex_);
  tokens_.erase(name);
  return std::nullopt;
}

void KeyExchange::Ask(std::string_view id, std::string_view secret, CallMetadata metadata, Done done) {
  std::string name = NameOf(id, secret);
  {
    std::unique_lock lock(mutex_);
    if (const auto asked = waiting_.find(name); asked != waiting_.end()) {
      asked->second.push_back(std::move(done));
      return;
    }
    if (waiting_.size() >= kWaiting) {
      lock.unlock();
      return done(WithRetryAfter(Error(Reason::kOVERLOADED), 1'000));
    }
    waiting_[name].push_back(std::move(done));
  }
  auto call = std::make_unique<ExchangeCall>(*this, std::move(name));
  auto& request = static_cast<auth::v1::ExchangeApiKeyRequest&>(call->request());
  request.set_id(std::string(id));
  request.set_secret(std::string(secret));
  call->metadata = std::move(metadata);
  call->idempotent = true;
  invoker_.Invoke(auth_, kExchange, std::move(call));
}

void KeyExchange::Answered(const std::string& name, const absl::StatusOr<std::string>& token) {
  const absl::StatusOr<ExchangedKey> outcome = Remember(name, token);
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = std::move(waiting_.extract(name).mapped());
  }
  for (const Done& done : waiting) done(outcome);
}

absl::StatusOr<ExchangedKey> KeyExchange::Remember(const std::string& name, const absl::StatusOr<std::string>& token) {
  if (!token.ok()) {
    if (ReasonOf(token.status()) != Reason::kINVALID_API_KEY) return token.status();
    const std::lock_guard lock(mutex_);
    if (refused_.size() >= kRefusalsRemembered) refused_.clear();
    refused_[name] = clock_.Steady() + kRefusalLife;
    return token.status();
  }
  absl::StatusOr<auth::Caller> caller = verifier_.Verify(*token);
  // Revoked between auth's answer and here.
  if (ReasonOf(caller.status()) == Reason::kSESSION_ENDED) return Error(Reason::kINVALID_API_KEY);
  if (!caller.ok()) return caller.status();
  const std::lock_guard lock(mutex_);
  if (tokens_.size() >= kRemembered) tokens_.erase(tokens_.begin());
  tokens_[name] = *token;
  return ExchangedKey{.bearer = *token, .caller = *std::move(caller)};
}

}  // namespace papertape::gateway
