#include "libs/rpc/gate.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/auth/keyed_hash.h"
#include "libs/log/log.h"
#include "libs/rpc/client_address.h"
#include "libs/rpc/fingerprint.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/method_table.h"
#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"

namespace papertape::rpc {
namespace {

using std::chrono::microseconds;

constexpr std::size_t kIdBytes = 128;

std::string MetadataOf(const grpc::CallbackServerContext& context, const char* name) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(name);
  return found == metadata.end() ? std::string() : std::string(found->second.data(), found->second.size());
}

// The trace id of "00-<trace id>-<span id>-<flags>".
std::string_view TraceId(std::string_view traceparent) {
  return traceparent.size() >= 35 ? traceparent.substr(3, 32) : std::string_view();
}

absl::Status CheckAccess(api::v1::Access access, const auth::Caller& caller) {
  switch (access) {
    case api::v1::ACCESS_PUBLIC:
      return absl::OkStatus();
    case api::v1::ACCESS_INTERNAL:
      return caller.is_service ? absl::OkStatus() : Error(Reason::kPERMISSION_DENIED);
    case api::v1::ACCESS_USER:
      return caller.signed_in() ? absl::OkStatus() : Error(Reason::kUNAUTHENTICATED);
    case api::v1::ACCESS_AUTHOR:
      if (!caller.signed_in()) return Error(Reason::kUNAUTHENTICATED);
      return caller.role != auth::Role::kUser ? absl::OkStatus() : Error(Reason::kPERMISSION_DENIED);
    case api::v1::ACCESS_ADMIN:
      if (!caller.signed_in()) return Error(Reason::kUNAUTHENTICATED);
      return caller.is_admin() ? absl::OkStatus() : Error(Reason::kPERMISSION_DENIED);
    default:
      return Error(Reason::kPERMISSION_DENIED, "The method declares no access.");
  }
}

// What an API key lacks. A public method needs nothing of a token, hence nothing of a key.
absl::Status CheckScope(const api::v1::MethodApi& declared, const auth::Caller& caller) {
  if (!caller.scopes || declared.access() == api::v1::ACCESS_PUBLIC) return absl::OkStatus();
  const auto needs = [&](auth::Scope scope) {
    if (caller.may(scope)) return absl::OkStatus();
    return WithMetadata(
        Error(Reason::kSCOPE_MISSING, fmt::format("The API key lacks the scope `{}`.", auth::ScopeName(scope))),
        "scope", auth::ScopeName(scope));
  };
  switch (declared.scope()) {
    case api::v1::SCOPE_READ:
      return needs(auth::Scope::kRead);
    case api::v1::SCOPE_WRITE:
      return needs(auth::Scope::kWrite);
    case api::v1::SCOPE_TRADE:
      return needs(auth::Scope::kTrade);
    default:
      return WithMetadata(Error(Reason::kSCOPE_MISSING, "No API key may do this: sign in as a user."), "scope",
                          "session");
  }
}

class TheVisit : public Gate::Visit {
 public:
  TheVisit(const char* method, Call call, Instant entered, const Clock& clock, Metrics& metrics)
      : method_(method), call_(std::move(call)), entered_(entered), clock_(clock), metrics_(metrics) {}

  const Call& call() const override { return call_; }
  bool Expired() const override { return clock_.Steady() > call_.deadline; }

  absl::Status Within(const std::function<absl::Status()>& body) override {
    const log::Scope scope(call_.request_id, TraceId(call_.traceparent));
    return body();
  }

  void Finish(grpc::ServerUnaryReactor* reactor, const absl::Status& status) override {
    const auto took = std::chrono::duration_cast<microseconds>(clock_.Steady() - entered_);
    const ReasonEntry* entry = status.ok() ? nullptr : &EntryOf(ReasonOf(status));
    metrics_.CallFinished(method_, entry == nullptr ? 0 : static_cast<int>(entry->code),
                          static_cast<double>(took.count()) / 1e6);
    Log(status, entry, took);
    reactor->Finish(ToGrpc(status));
  }

 private:
  void Log(const absl::Status& status, const ReasonEntry* entry, microseconds took) const {
    const bool our_fault = entry != nullptr && entry->reason == Reason::kINTERNAL;
    const auto level = our_fault                        ? log::Level::kError
                       : took > std::chrono::seconds(1) ? log::Level::kInfo
                                                        : log::Level::kDebug;
    if (!log::Enabled(level)) return;
    const log::Scope scope(call_.request_id, TraceId(call_.traceparent));
    log::Write(level, "call",
               {{"method", method_},
                {"user_id", call_.caller.user_id},
                {"reason", entry == nullptr ? "OK" : entry->name},
                {"detail", our_fault ? MessageOf(status) : std::string_view()},
                {"took_us", std::int64_t{took.count()}}});
  }

  const char* const method_;
  const Call call_;
  const Instant entered_;
  const Clock& clock_;
  Metrics& metrics_;
};

}  // namespace

Gate::Gate(Options options, auth::TokenVerifier& verifier, const Clock& clock, Metrics& metrics)
    : options_(std::move(options)),
      verifier_(verifier),
      clock_(clock),
      metrics_(metrics),
      credential_(auth::ServiceCredential(options_.secret_key)),
      edge_credential_(auth::EdgeCredential(options_.secret_key)),
      fingerprint_key_(auth::DeriveKey(options_.secret_key, "papertape request fingerprints")),
      workers_(options_.worker_threads, options_.worker_queue) {}

absl::StatusOr<auth::Caller> Gate::Identify(const grpc::CallbackServerContext& context, Call& call) const {
  auth::Caller caller;
  const std::string credential = MetadataOf(context, kServiceCredential);
  const bool is_service = !credential.empty() && auth::SameCredential(credential_, credential);
  // Before the token: a public call with a bad one is served, and its address counts all the same.
  const bool vouched = is_service || auth::SameCredential(edge_credential_, MetadataOf(context, kEdgeCredential));
  call.client_address = ClientAddress(vouched ? MetadataOf(context, kClientAddress) : "", context.peer());
  constexpr std::string_view kBearer = "Bearer ";
  std::string authorization = MetadataOf(context, kAuthorization);
  if (!authorization.empty()) {
    if (!authorization.starts_with(kBearer)) return Error(Reason::kINVALID_TOKEN);
    call.bearer = authorization.substr(kBearer.size());
    PT_ASSIGN_OR_RETURN(caller, verifier_.Verify(call.bearer));
  }
  caller.is_service = is_service;
  return caller;
}

absl::StatusOr<std::shared_ptr<Gate::Visit>> Gate::Enter(grpc::CallbackServerContext* context, const char* method,
                                                         const google::protobuf::Message* request) {
  const api::v1::MethodApi* declared = DeclarationOf(method);
  if (declared == nullptr) return Error(Reason::kPERMISSION_DENIED, "The method declares no access.");

  Call call;
  absl::StatusOr<auth::Caller> caller = Identify(*context, call);
  // A public route does not mind a stale token: the client may be about to sign in.
  if (!caller.ok() && declared->access() == api::v1::ACCESS_PUBLIC) caller = auth::Caller();
  if (!caller.ok()) return caller.status();
  PT_RETURN_IF_ERROR(CheckAccess(declared->access(), *caller));
  PT_RETURN_IF_ERROR(CheckScope(*declared, *caller));

  call.caller = *std::move(caller);
  const Instant now = clock_.Steady();
  const auto asked = std::chrono::duration_cast<microseconds>(
      std::min<std::chrono::system_clock::duration>(context->deadline() - clock_.Now(), std::chrono::hours(24)));
  call.deadline = now + std::min<microseconds>(asked, options_.call_timeout);
  call.request_id = MetadataOf(*context, kRequestId);
  if (call.request_id.empty() || call.request_id.size() > kIdBytes) call.request_id = RandomHex(random_, 16);
  call.traceparent = MetadataOf(*context, kTraceparent);
  call.idempotency_key = MetadataOf(*context, kIdempotencyKey);
  if (call.idempotency_key.size() > kIdBytes) {
    return InvalidField("Idempotency-Key", "must be at most 128 bytes long");
  }
  if (!call.idempotency_key.empty() && request != nullptr) {
    call.fingerprint = Fingerprint(fingerprint_key_, method, *request);
  }
  call.set_http_status = [context](int status) { context->AddInitialMetadata(kHttpStatus, std::to_string(status)); };
  return std::make_shared<TheVisit>(method, std::move(call), now, clock_, metrics_);
}

grpc::ServerUnaryReactor* Gate::Refuse(grpc::ServerUnaryReactor* reactor, const absl::Status& status) {
  reactor->Finish(ToGrpc(status));
  return reactor;
}

absl::Status Gate::Overloaded() { return WithRetryAfter(Error(Reason::kOVERLOADED), 1'000); }
absl::Status Gate::OutOfTime() { return Error(Reason::kDEADLINE_EXCEEDED); }

}  // namespace papertape::rpc
