// What happens to a request at the gateway, in order: ids, preflights, the gateway's own few routes, then for all
// others: route, admission (caller and rate limit), quote board, request message, call, answer. No route of a service
// is named here. Thread-safe: a request is handled on its connection's thread, its answer made on gRPC's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gateway/admission.h"
#include "gateway/cors.h"
#include "gateway/edge_metrics.h"
#include "gateway/exchange.h"
#include "gateway/grpc_invoker.h"
#include "gateway/http_session.h"
#include "gateway/journal_stream.h"
#include "gateway/key_exchange.h"
#include "gateway/problem.h"
#include "gateway/quote_board.h"
#include "gateway/route_table.h"
#include "gateway/service_health.h"
#include "gateway/shared_limiter.h"
#include "gateway/trusted_proxies.h"
#include "gateway/upload_places.h"
#include "libs/auth/token.h"
#include "libs/clock/clock.h"

namespace papertape::gateway {

// Parts that the edge uses; all outlive it.
struct EdgeParts {
  const RouteTable& routes;
  GrpcInvoker& invoker;
  auth::TokenVerifier& verifier;
  KeyExchange& keys;
  SharedLimiter& limiter;
  QuoteBoard& board;
  StreamServices& streams;
  ServiceHealth& health;
  EdgeMetrics& metrics;
  const Clock& clock;
};

struct EdgeOptions {
  std::vector<std::string> cors_origins;
  std::chrono::milliseconds call_timeout{10'000};
  std::size_t response_bytes = 16 << 20;  // largest body of an answer
  WsLimits ws;
  std::size_t uploads = 8;  // at once
  TrustedProxies proxies;
  RateLimits rate_limits;
  bool log_every_request = false;  // at level debug
};

class Edge final : public HttpHandler {
 public:
  Edge(EdgeParts parts, EdgeOptions options);

  void Handle(const HttpRequest& request, const std::shared_ptr<HttpSession>& session) override;
  // For callers who are signed in, where the route says how much.
  absl::StatusOr<LargeBody> AdmitBody(const HttpRequest& request) override;
  HttpResponse Refuse(const absl::Status& why, const HttpRequest& request, IoThread& thread) override;
  // For /metrics: how many connections are open.
  void CountConnectionsBy(std::function<std::size_t()> count) { count_connections_ = std::move(count); }

 private:
  class ApiCall;

  bool HandleOwn(const ExchangePtr& exchange);
  void HandleOptions(const Exchange& exchange);
  void HandleStream(const ExchangePtr& exchange, std::string_view user_reference);
  void HandleApi(const ExchangePtr& exchange);
  // What is left to do once the request is admitted.
  void OpenStream(const Exchange& exchange, const std::string& user_reference);
  void Answer(const ExchangePtr& exchange);
  bool AnswerFromBoard(const Exchange& exchange);
  void Finish(const Exchange& exchange, HttpResponse response) const;
  void Fail(const Exchange& exchange, const absl::Status& status) const {
    Finish(exchange, ToProblem(status, exchange.ids.request_id));
  }
  void Log(const Exchange& exchange, int status, std::chrono::microseconds took) const;

  const EdgeParts parts_;
  const EdgeOptions options_;
  const Cors cors_;
  Admission admission_;
  UploadPlaces uploads_;
  std::function<std::size_t()> count_connections_ = [] { return std::size_t{0}; };
};

}  // namespace papertape::gateway
