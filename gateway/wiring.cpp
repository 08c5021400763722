// The gateway's architecture, top to bottom.
#include <grpcpp/grpcpp.h>

#include <csignal>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "gateway/edge.h"
#include "gateway/gateway.h"
#include "gateway/upstream_stream.h"
#include "libs/log/log.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/metrics.h"
#include "libs/rpc/revocation_tail.h"
#include "libs/status/status.h"
#include "papertape/auth/v1/admin_service.pb.h"
#include "papertape/auth/v1/api_key_service.pb.h"
#include "papertape/auth/v1/auth_service.pb.h"
#include "papertape/auth/v1/kyc_service.pb.h"
#include "papertape/market_data/v1/calendar_service.pb.h"
#include "papertape/market_data/v1/indicator_service.pb.h"
#include "papertape/market_data/v1/ingestion_service.pb.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "papertape/market_data/v1/market_session_service.pb.h"
#include "papertape/notification/v1/notification_service.grpc.pb.h"
#include "papertape/portfolio/v1/portfolio_service.pb.h"
#include "papertape/signal/v1/formula_service.pb.h"
#include "papertape/signal/v1/signal_service.pb.h"
#include "papertape/trade_engine/v1/account_service.pb.h"
#include "papertape/trade_engine/v1/journal_service.pb.h"
#include "papertape/trade_engine/v1/setup_service.pb.h"
#include "papertape/trade_engine/v1/trade_service.pb.h"

namespace papertape::gateway {
namespace {

const std::string kGetQuote = "/papertape.market_data.v1.MarketDataService/GetQuote";

std::vector<std::unique_ptr<rpc::Peer>> Dial(const Config& config, const Clock& clock) {
  std::vector<std::unique_ptr<rpc::Peer>> peers;
  for (const UpstreamConfig& upstream : config.upstreams) {
    peers.push_back(std::make_unique<rpc::Peer>(rpc::PeerOptions{.name = upstream.name,
                                                                 .address = upstream.address,
                                                                 .secret_key = config.secret_key,
                                                                 .reply_bytes = config.response_bytes,
                                                                 .connections = config.threads},
                                                clock));
  }
  return peers;
}

std::vector<GrpcInvoker::Upstream> UpstreamsOf(const std::vector<std::unique_ptr<rpc::Peer>>& peers,
                                               const Config& config) {
  std::vector<GrpcInvoker::Upstream> upstreams;
  for (std::size_t i = 0; i < peers.size(); ++i) upstreams.push_back({config.upstreams[i].name, peers[i]->channels()});
  return upstreams;
}

// Whether market_data knows the symbol.
class SymbolLookUp : public UnaryCall {
 public:
  SymbolLookUp(const std::string& symbol, std::function<void(const absl::Status&)> done)
      : UnaryCall(market_data::v1::GetQuoteRequest::default_instance(), market_data::v1::Quote::default_instance()),
        done_(std::move(done)) {
    static_cast<market_data::v1::GetQuoteRequest&>(request()).set_symbol(symbol);
    timeout = std::chrono::seconds(2);
  }
  void OnDone(const absl::Status& status) override { done_(status); }

 private:
  const std::function<void(const absl::Status&)> done_;
};

UpstreamStream::Read ReadQuotes(const rpc::Peer& peer, StreamHub& hub) {
  return [&](grpc::ClientContext& context, const std::function<void()>& opened) {
    const auto stub = market_data::v1::MarketDataService::NewStub(peer.channel());
    const auto stream = stub->StreamQuotes(&context);
    market_data::v1::StreamQuotesRequest everything;
    everything.add_add("*");
    stream->Write(everything);
    market_data::v1::QuoteBatch batch;
    while (stream->Read(&batch)) {
      opened();
      hub.OnQuotes(batch);
    }
    hub.OnQuotesEnd();
    return stream->Finish();
  };
}

UpstreamStream::Read ReadFeed(const rpc::Peer& peer, StreamHub& hub) {
  return [&](grpc::ClientContext& context, const std::function<void()>& opened) {
    const auto stub = notification::v1::NotificationService::NewStub(peer.channel());
    const auto stream = stub->StreamFeed(&context, {});
    notification::v1::FeedBatch batch;
    while (stream->Read(&batch)) {
      opened();
      hub.OnFeed(batch);
    }
    return stream->Finish();
  };
}

}  // namespace

// Made in this order, ended in the reverse.
struct Gateway::Parts {
  Parts(Config given, RouteTable table, const Clock& clock, const RandomBits& random)
      : config(std::move(given)),
        routes(std::move(table)),
        threads(config.threads, std::min(config.http.limits.receive_timeout, config.http.limits.idle_timeout), clock,
                random),
        revocations(clock, config.without_redis),
        revocation_tail(config.redis_url, revocations, clock),
        verifier(config.token_keys, clock, &revocations),
        limiter(config.limiter, threads),
        peers(Dial(config, clock)),
        invoker(UpstreamsOf(peers, config), config.secret_key, clock, random, metrics),
        board(config.quote_fresh_for, clock),
        hub(threads, board, config.streams),
        streams{hub, verifier, revocations,
                [this](const std::string& symbol, std::function<void(const absl::Status&)> done) {
                  invoker.Invoke(kMarketData, kGetQuote, std::make_unique<SymbolLookUp>(symbol, std::move(done)));
                }},
        quotes("quotes", *peers[kMarketData], ReadQuotes(*peers[kMarketData], hub)),
        feed("feed", *peers[kNotification], ReadFeed(*peers[kNotification], hub)),
        health(invoker, clock),
        edge_metrics(metrics, routes),
        keys(invoker, kAuth, verifier, clock),
        edge({routes, invoker, verifier, keys, limiter, board, streams, health, edge_metrics, clock},
             {.cors_origins = config.cors_origins,
              .call_timeout = config.call_timeout,
              .response_bytes = static_cast<std::size_t>(config.response_bytes),
              .uploads = config.uploads,
              .proxies = config.proxies,
              .rate_limits = config.rate_limits,
              .log_every_request = config.log_level == "debug"}),
        certificate(config.tls ? std::make_unique<TlsCertificate>(*config.tls) : nullptr),
        server(config.http, threads, edge, certificate.get()) {
    revocations.Listen([this](const std::string& session_id) { hub.OnSessionEnded(session_id); });
    edge.CountConnectionsBy([this] { return server.connections().open(); });
  }

  const Config config;
  const RouteTable routes;
  rpc::Metrics metrics;
  IoThreads threads;
  auth::Revocations revocations;
  rpc::RevocationTail revocation_tail;
  auth::TokenVerifier verifier;
  SharedLimiter limiter;
  std::vector<std::unique_ptr<rpc::Peer>> peers;
  GrpcInvoker invoker;
  QuoteBoard board;
  StreamHub hub;
  StreamServices streams;
  UpstreamStream quotes;
  UpstreamStream feed;
  ServiceHealth health;
  EdgeMetrics edge_metrics;
  KeyExchange keys;
  Edge edge;
  const std::unique_ptr<TlsCertificate> certificate;  // none: plain HTTP
  HttpServer server;
  bool running = false;
};

Gateway::Gateway(Config config, RouteTable routes, const Clock& clock, const RandomBits& random)
    : parts_(std::make_unique<Parts>(std::move(config), std::move(routes), clock, random)) {}

Gateway::~Gateway() { Stop(); }

absl::Status Gateway::LoadCertificate() {
  return parts_->certificate == nullptr ? absl::OkStatus() : parts_->certificate->Load();
}

absl::Status Gateway::Start() {
  PT_RETURN_IF_ERROR(LoadCertificate());
  parts_->running = true;
  parts_->threads.Start();
  parts_->revocation_tail.Start();
  parts_->quotes.Start();
  parts_->feed.Start();
  return parts_->server.Start();
}

void Gateway::Stop() {
  if (!std::exchange(parts_->running, false)) return;
  parts_->server.Drain(parts_->config.drain_timeout);
  parts_->revocation_tail.Stop();
  parts_->quotes.Stop();
  parts_->feed.Stop();
  parts_->threads.Stop();
}

auth::Revocations& Gateway::revocations() { return parts_->revocations; }

std::uint16_t Gateway::port() const { return parts_->server.port(); }

std::vector<ServedFile> SuiteFiles() {
  return {
      {auth::v1::User::descriptor()->file(), kAuth},
      {auth::v1::ApiKey::descriptor()->file(), kAuth},
      {auth::v1::AuditRecord::descriptor()->file(), kAuth},
      {auth::v1::KycDocument::descriptor()->file(), kAuth},
      {market_data::v1::Quote::descriptor()->file(), kMarketData},
      {market_data::v1::MarketStatus::descriptor()->file(), kMarketData},
      {market_data::v1::Indicator::descriptor()->file(), kMarketData},
      {market_data::v1::IngestionJob::descriptor()->file(), kMarketData},
      {market_data::v1::MarketSession::descriptor()->file(), kMarketData},
      {trade_engine::v1::GetPortfolioRequest::descriptor()->file(), kTradeEngine},
      {trade_engine::v1::Trade::descriptor()->file(), kTradeEngine},
      {trade_engine::v1::JournalTrade::descriptor()->file(), kTradeEngine},
      {trade_engine::v1::Setup::descriptor()->file(), kTradeEngine},
      {portfolio::v1::Position::descriptor()->file(), kPortfolio},
      {signal::v1::ListSignalsRequest::descriptor()->file(), kSignal},
      {signal::v1::ListFormulasRequest::descriptor()->file(), kSignal},
      {notification::v1::Notification::descriptor()->file(), kNotification},
  };
}

int Run() {
  rpc::TuneProcess();
  // Blocked before any thread is made, taken by sigwait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  // Debian builds Abseil with its search for lock cycles, which gRPC pays for at every lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);

  Settings settings = Settings::FromEnvironment();
  Config config = ReadConfig(settings);
  log::Configure("gateway", config.log_level);
  const auto fail = [](std::string_view what, const absl::Status& status) {
    log::Error(what, {{"detail", MessageOf(status)}});
    return 1;
  };
  if (const absl::Status mistakes = settings.Check(); !mistakes.ok()) return fail("settings are wrong", mistakes);
  absl::StatusOr<RouteTable> routes = RouteTable::Build(SuiteFiles());
  if (!routes.ok()) return fail("routes are wrong", routes.status());

  Gateway gateway(config, *std::move(routes), SystemClock(), SystemRandom());
  if (const absl::Status started = gateway.Start(); !started.ok()) return fail("does not start", started);
  log::Info("serving", {{"listen", config.http.listen}, {"threads", std::uint64_t{config.threads}}});
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
    const absl::Status loaded = gateway.LoadCertificate();
    if (loaded.ok()) log::Info("the TLS certificate was read again");
    if (!loaded.ok()) log::Error("the TLS certificate stays as it was", {{"detail", MessageOf(loaded)}});
  }
  log::Info("stopping", {{"signal", signal}});
  gateway.Stop();
  log::Info("stopped");
  return 0;
}

}  // namespace papertape::gateway
