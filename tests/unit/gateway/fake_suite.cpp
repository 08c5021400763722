#include "tests/unit/gateway/fake_suite.h"

#include <unistd.h>

#include <atomic>

#include "libs/rpc/proto_types.h"
#include "tests/support/catch.h"

namespace papertape::gateway::testing {
namespace {

const std::string kSecret = "a secret of tests that is long enough";

absl::Status FailureNamed(const std::string& name) {
  if (name == "margin") {
    return WithMetadata(Error(Reason::kINSUFFICIENT_MARGIN), "available_margin", "12.5");
  }
  if (name == "fields") {
    Violations violations;
    violations.Add("quantity", "must be more than 0");
    violations.Add("stop_loss", "must be more than 0");
    return violations.ToStatus();
  }
  if (name == "later") return WithRetryAfter(Error(Reason::kOVERLOADED), 2'500);
  return absl::InternalError("select secret from users at 10.0.0.1");
}

}  // namespace

void FakeWorkshop::Note(const grpc::ServerContext& context) {
  const std::lock_guard lock(mutex_);
  ++calls_;
  metadata_.clear();
  for (const auto& [name, value] : context.client_metadata()) {
    metadata_[std::string(name.data(), name.size())] = std::string(value.data(), value.size());
  }
}

grpc::Status FakeWorkshop::Fail(grpc::ServerContext* context, const test::v1::GetToolRequest* request,
                                test::v1::Tool*) {
  Note(*context);
  if (request->name() == "bare") return {grpc::StatusCode::INTERNAL, "at 0x7f in /usr/lib/secret.so"};
  if (request->name() == "bare_gone") return {grpc::StatusCode::NOT_FOUND, "no such row in table users"};
  if (request->name() == "hang") {
    std::unique_lock lock(mutex_);
    while (!context->IsCancelled()) wake_.wait_for(lock, std::chrono::milliseconds(2));
    return grpc::Status::CANCELLED;
  }
  return rpc::ToGrpc(FailureNamed(request->name()));
}

grpc::Status FakeKeys::ExchangeApiKey(grpc::ServerContext*, const auth::v1::ExchangeApiKeyRequest* request,
                                      auth::v1::ExchangeApiKeyReply* reply) {
  ++asked;
  if (down) return rpc::ToGrpc(Error(Reason::kOVERLOADED));
  if (request->id() != "pk_good" || request->secret() != "sk_good") {
    return rpc::ToGrpc(Error(Reason::kINVALID_API_KEY));
  }
  auth::Claims claims{.user_id = 7, .email = "user7@example.com", .token_id = "key's", .session_id = "key-pk_good"};
  claims.scopes = auth::Scopes::FromText("read");
  Settings settings({{"SECRET_KEY", kSecret}});
  const auth::TokenSigner signer(auth::ReadTokenKeys(settings, true), SystemClock());
  reply->set_access_token(*signer.Sign(claims, token_life));
  return grpc::Status::OK;
}

grpc::Status FakeMarket::StreamQuotes(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<market_data::v1::QuoteBatch, market_data::v1::StreamQuotesRequest>* stream) {
  market_data::v1::StreamQuotesRequest request;
  if (!stream->Read(&request) || request.add_size() != 1 || request.add(0) != "*") {
    return {grpc::StatusCode::INVALID_ARGUMENT, "the gateway wants every symbol"};
  }
  outbox.Serve(*context, *stream);
  return grpc::Status::OK;
}

grpc::Status FakeMarket::GetQuote(grpc::ServerContext*, const market_data::v1::GetQuoteRequest* request,
                                  market_data::v1::Quote* reply) {
  if (request->symbol() == "NOPE") return rpc::ToGrpc(Error(Reason::kUNKNOWN_SYMBOL));
  reply->set_symbol(request->symbol());
  reply->mutable_price()->set_micros(7'000'000);
  reply->set_source("asked");
  return grpc::Status::OK;
}

FakeSuite::FakeSuite(const std::function<void(Config&)>& adjust) {
  static std::atomic<int> number = 0;
  socket_path_ = "/tmp/papertape-test-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".sock";
  ::unlink(socket_path_.c_str());
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + socket_path_, grpc::InsecureServerCredentials());
  builder.RegisterService(&workshop_);
  builder.RegisterService(&keys_);
  builder.RegisterService(&market_);
  builder.RegisterService(&feed_);
  server_ = builder.BuildAndStart();
  REQUIRE(server_ != nullptr);

  Settings settings({{"SECRET_KEY", kSecret}});
  Config config = ReadConfig(settings);
  config.http.listen = "127.0.0.1:0";
  config.threads = 2;
  config.rate_limits = {.user = 0, .anonymous = 0, .login = 0, .notify = 0, .upload = 0};
  config.drain_timeout = std::chrono::seconds(5);
  for (UpstreamConfig& upstream : config.upstreams) upstream.address = "unix:" + socket_path_;
  adjust(config);
  std::vector<ServedFile> files = SuiteFiles();
  files.push_back({test::v1::Tool::descriptor()->file(), kSignal});
  absl::StatusOr<RouteTable> routes = RouteTable::Build(files);
  REQUIRE(routes.ok());
  gateway_ = std::make_unique<Gateway>(config, *std::move(routes), SystemClock(), SystemRandom());
  REQUIRE(gateway_->Start().ok());
}

FakeSuite::~FakeSuite() {
  gateway_->Stop();
  StopServices();
  ::unlink(socket_path_.c_str());
}

void FakeSuite::StopServices() {
  market_.outbox.Stop();
  feed_.outbox.Stop();
  server_->Shutdown(std::chrono::system_clock::time_point());
  server_->Wait();
}

std::string FakeSuite::TokenOf(std::int64_t user_id, std::chrono::seconds life) {
  Settings settings({{"SECRET_KEY", kSecret}});
  const auth::TokenSigner signer(auth::ReadTokenKeys(settings, true), SystemClock());
  const auth::Claims claims{.user_id = user_id,
                            .email = "user" + std::to_string(user_id) + "@example.com",
                            .token_id = "t" + std::to_string(user_id),
                            .session_id = "s" + std::to_string(user_id)};
  return *signer.Sign(claims, life);
}

void FakeSuite::Quote(const std::string& symbol, std::int64_t price_micros, bool stale) {
  market_data::v1::QuoteBatch batch;
  auto& quote = *batch.add_quotes();
  quote.set_symbol(symbol);
  quote.mutable_price()->set_micros(price_micros);
  rpc::Encode(SystemClock().Now(), quote.mutable_timestamp());
  quote.set_source("simulator");
  quote.set_stale(stale);
  market_.outbox.Push(batch);
}

void FakeSuite::ReplayedQuote(std::int64_t session, Timestamp clock, const std::string& symbol,
                              std::int64_t price_micros) {
  market_data::v1::QuoteBatch batch;
  batch.set_session(session);
  batch.set_clock_micros(MicrosSinceEpoch(clock));
  auto& quote = *batch.add_quotes();
  quote.set_symbol(symbol);
  quote.mutable_price()->set_micros(price_micros);
  rpc::Encode(clock, quote.mutable_timestamp());
  quote.set_source("replay");
  market_.outbox.Push(batch);
}

void FakeSuite::ReplayBeat(std::int64_t session, Timestamp clock) {
  market_data::v1::QuoteBatch batch;
  batch.set_session(session);
  batch.set_clock_micros(MicrosSinceEpoch(clock));
  market_.outbox.Push(batch);
}

void FakeSuite::Alert(std::int64_t user_id, const std::string& message) {
  notification::v1::FeedBatch batch;
  auto& entry = *batch.add_entries();
  entry.mutable_notification()->set_user_id(user_id);
  entry.mutable_alert()->set_ticker("AAPL");
  entry.mutable_alert()->set_trade_id("01TRADE");
  entry.mutable_alert()->set_message(message);
  feed_.outbox.Push(batch);
}

}  // namespace papertape::gateway::testing
