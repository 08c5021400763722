#include "gateway/edge.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "gateway/field_names.h"
#include "gateway/file_answer.h"
#include "gateway/http_template.h"
#include "gateway/request_weaver.h"
#include "gateway/ws_handshake.h"
#include "libs/auth/caller.h"
#include "libs/json/json_writer.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

// One parameter of a query, decoded; empty when there is none.
std::string QueryParameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    std::string value;
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=' &&
        PercentDecode(pair.substr(name.size() + 1), true, value)) {
      return value;
    }
  }
  return "";
}

void AppendRateHeaders(const RateDecision& rate, HttpResponse& response) {
  if (rate.limit == 0) return;
  const auto add = [&](std::string_view name, std::int64_t value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    response.AddHeader(name, {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
  };
  add("RateLimit-Limit", rate.limit);
  add("RateLimit-Remaining", rate.remaining);
  add("RateLimit-Reset", rate.reset.count());
}

}  // namespace

// A call to a service for an HTTP request.
class Edge::ApiCall : public UnaryCall {
 public:
  ApiCall(const Edge& edge, ExchangePtr exchange)
      : UnaryCall(*exchange->route->request, *exchange->route->reply), edge_(edge), exchange_(std::move(exchange)) {}

  void OnDone(const absl::Status& status) override {
    const Route& route = *exchange_->route;
    if (!status.ok()) return edge_.Fail(*exchange_, InClientNames(status, *route.request_plan));
    HttpResponse response = BodyOf(route);
    response.status = http_status() != 0 ? http_status() : route.api.success_status();
    if (response.status == 0) response.status = 200;
    if (response.body.size() > edge_.options_.response_bytes) {
      return edge_.Fail(*exchange_, Error(Reason::kRESPONSE_TOO_LARGE));
    }
    edge_.Finish(*exchange_, std::move(response));
  }

 private:
  HttpResponse BodyOf(const Route& route) const {
    if (route.reply == &type::v1::File::default_instance()) {
      return ToAnswer(static_cast<const type::v1::File&>(reply()));
    }
    HttpResponse response;
    response.body.reserve(512);
    if (route.reply_field != nullptr) {
      json::WriteField(*route.reply_field, reply(), response.body);
    } else {
      json::WriteJson(*route.reply_plan, reply(), response.body);
    }
    return response;
  }

  const Edge& edge_;
  const ExchangePtr exchange_;
};

Edge::Edge(EdgeParts parts, EdgeOptions options)
    : parts_(parts),
      options_(std::move(options)),
      cors_(options_.cors_origins),
      admission_(parts_.verifier, parts_.keys, parts_.limiter, options_.rate_limits),
      uploads_(options_.uploads) {}

void Edge::Handle(const HttpRequest& request, const std::shared_ptr<HttpSession>& session) {
  const auto exchange = std::make_shared<Exchange>(Exchange{
      .session = session,
      .request = request,
      .ids = MakeRequestIds(request.Header("x-request-id"), request.Header("traceparent"), session->thread().random()),
      .started = session->thread().Now(),
      .client = options_.proxies.ClientOf(session->client(), request)});
  if (request.verb() == "OPTIONS") return HandleOptions(*exchange);
  if (HandleOwn(exchange)) return;
  HandleApi(exchange);
}

absl::StatusOr<LargeBody> Edge::AdmitBody(const HttpRequest& request) {
  const absl::StatusOr<RouteMatch> match = parts_.routes.Match(request.verb(), request.path());
  if (!match.ok() || match->route->api.body_limit_bytes() <= 0) return LargeBody{};
  const std::string_view bearer = BearerOf(request.Header(HeaderName::authorization));
  if (bearer.empty()) return Error(Reason::kUNAUTHENTICATED);
  PT_ASSIGN_OR_RETURN(const auth::Caller caller, parts_.verifier.Verify(bearer));
  PT_ASSIGN_OR_RETURN(std::shared_ptr<const void> place, uploads_.Take(caller.user_id));
  return LargeBody{.bytes = static_cast<std::uint64_t>(match->route->api.body_limit_bytes()),
                   .place = std::move(place)};
}

HttpResponse Edge::Refuse(const absl::Status& why, const HttpRequest& request, IoThread& thread) {
  const RequestIds ids = MakeRequestIds(request.Header("x-request-id"), request.Header("traceparent"), thread.random());
  HttpResponse response = ToProblem(why, ids.request_id);
  response.AddHeader("X-Request-Id", ids.request_id);
  cors_.Allow(request.Header(HeaderName::origin), response);
  parts_.metrics.Answered(nullptr, response.status, 0);
  return response;
}

// The gateway's own routes; false for all others.
bool Edge::HandleOwn(const ExchangePtr& exchange) {
  std::string_view path = WithoutMount(exchange->request.path());
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  if (path.starts_with("/ws/") && path.find('/', 4) == std::string_view::npos) {
    HandleStream(exchange, path.substr(4));
    return true;
  }
  const bool reads = exchange->request.verb() == "GET" || exchange->request.verb() == "HEAD";
  if (!reads) return false;
  if (path == "/health/live") {
    Finish(*exchange, {.body = R"({"status":"ok"})"});
  } else if (path == "/health" || path == "/health/ready") {
    parts_.health.Report([this, exchange](HttpResponse response) { Finish(*exchange, std::move(response)); });
  } else if (path == "/metrics") {
    Finish(*exchange, {.content_type = "text/plain; version=0.0.4; charset=utf-8",
                       .body = parts_.metrics.Scrape(count_connections_(), parts_.streams.hub.sockets())});
  } else {
    return false;
  }
  return true;
}

void Edge::HandleOptions(const Exchange& exchange) {
  const std::string verbs = parts_.routes.AllowedVerbs(exchange.request.path());
  if (verbs.empty()) return Fail(exchange, Error(Reason::kROUTE_NOT_FOUND));
  if (!exchange.request.Header(HeaderName::access_control_request_method).empty()) {
    return Finish(exchange, cors_.Preflight(verbs));
  }
  HttpResponse response{.status = 204};
  response.AddHeader("Allow", verbs);
  Finish(exchange, std::move(response));
}

void Edge::HandleStream(const ExchangePtr& exchange, std::string_view encoded_reference) {
  const HttpRequest& request = exchange->request;
  std::string reference;
  if (!PercentDecode(encoded_reference, false, reference)) return Fail(*exchange, Error(Reason::kMALFORMED_REQUEST));
  if (const absl::Status fits = CheckHandshake(request); !fits.ok()) return Fail(*exchange, fits);
  exchange->bearer = BearerOf(request.Header(HeaderName::authorization));
  if (exchange->bearer.empty()) exchange->bearer = QueryParameter(request.query(), "token");
  admission_.Admit(exchange, api::v1::RATE_CLASS_UNSPECIFIED, [this, exchange, reference](const absl::Status& refusal) {
    if (!refusal.ok()) return Fail(*exchange, refusal);
    OpenStream(*exchange, reference);
  });
}

void Edge::OpenStream(const Exchange& exchange, const std::string& reference) {
  if (!exchange.caller.ok()) return Fail(exchange, exchange.caller.status());
  std::int64_t user_id = 0;
  if (exchange.caller->signed_in()) {
    const absl::StatusOr<std::int64_t> resolved = ResolveReader(*exchange.caller, reference);
    if (!resolved.ok()) return Fail(exchange, resolved.status());
    user_id = *resolved;
  }
  const std::shared_ptr<void> place = parts_.streams.hub.EnterAddress(exchange.client);
  if (place == nullptr) {
    const int most = parts_.streams.hub.limits().of_an_address;
    return Fail(exchange, Error(Reason::kRATE_LIMITED, fmt::format("At most {} streams of one address.", most)));
  }
  const std::string accept =
      AcceptHandshake(exchange.request.Header(HeaderName::sec_websocket_key), exchange.ids.request_id);
  parts_.metrics.Answered(nullptr, 101, 0);
  exchange.session->Upgrade(
      [this, &thread = exchange.session->thread(), reference, user_id, session_id = exchange.caller->session_id, accept,
       place](Wire wire, ConnectionSlot slot, const std::string& received, const std::string& unsent) {
        const auto stream = std::make_shared<WsSession>(std::move(wire), std::move(slot), thread, options_.ws);
        auto journal = std::make_unique<JournalStream>(*stream, parts_.streams, reference, place);
        JournalStream& begun = *journal;
        stream->Start(std::move(journal), unsent + accept, received);
        if (user_id != 0) begun.BeginAs(user_id, session_id);
      });
}

void Edge::HandleApi(const ExchangePtr& exchange) {
  const HttpRequest& request = exchange->request;
  const absl::StatusOr<RouteMatch> match = parts_.routes.Match(request.verb(), request.path());
  if (match.ok()) {
    exchange->match = *match;
    exchange->route = match->route;
  }
  exchange->bearer = BearerOf(request.Header(HeaderName::authorization));
  const auto rate_class = match.ok() ? match->route->api.rate_class() : api::v1::RATE_CLASS_UNSPECIFIED;
  admission_.Admit(exchange, rate_class, [this, exchange, unknown = match.status()](const absl::Status& refusal) {
    if (!refusal.ok()) return Fail(*exchange, refusal);
    if (!unknown.ok()) return Fail(*exchange, unknown);
    Answer(exchange);
  });
}

void Edge::Answer(const ExchangePtr& exchange) {
  const Route& route = *exchange->route;
  if (route.api.access() != api::v1::ACCESS_PUBLIC) {
    // The service would say the same; there is no need to ask it.
    if (!exchange->caller.ok()) return Fail(*exchange, exchange->caller.status());
    if (!exchange->caller->signed_in()) return Fail(*exchange, Error(Reason::kUNAUTHENTICATED));
  }
  if (route.api.edge() == api::v1::EDGE_SOURCE_QUOTE_BOARD && AnswerFromBoard(*exchange)) return;

  const HttpRequest& request = exchange->request;
  auto call = std::make_unique<ApiCall>(*this, exchange);
  const absl::Status woven = Weave(
      exchange->match,
      {.query = request.query(), .content_type = request.Header(HeaderName::content_type), .body = request.body()},
      call->request());
  if (!woven.ok()) return Fail(*exchange, woven);
  call->metadata = {.bearer = exchange->bearer,
                    .request_id = exchange->ids.request_id,
                    .traceparent = exchange->ids.traceparent,
                    .idempotency_key = std::string(request.Header("idempotency-key")),
                    .client_address = exchange->client.to_string()};
  call->timeout =
      route.api.timeout_ms() > 0 ? std::chrono::milliseconds(route.api.timeout_ms()) : options_.call_timeout;
  call->idempotent = route.verb == "GET";
  call->lane = exchange->session->thread().index();
  parts_.invoker.Invoke(route.upstream, route.rpc, std::move(call));
}

// The board knows symbols by the request's field `symbol`, which such a route has in its path.
bool Edge::AnswerFromBoard(const Exchange& exchange) {
  const RouteMatch& match = exchange.match;
  for (std::size_t i = 0; i < match.route->variables.size(); ++i) {
    if (match.route->variables[i].back()->field->name() != "symbol") continue;
    std::string symbol;
    if (!PercentDecode(match.values[i], false, symbol)) return false;
    HttpResponse response;
    response.body.reserve(256);
    if (!parts_.board.AppendJson(NormalSymbol(symbol), response.body)) return false;
    parts_.metrics.FromBoard();
    Finish(exchange, std::move(response));
    return true;
  }
  return false;
}

void Edge::Finish(const Exchange& exchange, HttpResponse response) const {
  response.AddHeader("X-Request-Id", exchange.ids.request_id);
  AppendRateHeaders(exchange.rate, response);
  cors_.Allow(exchange.request.Header(HeaderName::origin), response);
  const int status = response.status;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(parts_.clock.Steady() - exchange.started);
  // Counted first: whoever has read the answer finds it in the metrics.
  parts_.metrics.Answered(exchange.route, status, static_cast<double>(took.count()) / 1e6);
  exchange.session->Respond(std::move(response));
  if (options_.log_every_request || status >= 500) Log(exchange, status, took);
}

void Edge::Log(const Exchange& exchange, int status, std::chrono::microseconds took) const {
  const log::Scope scope(exchange.ids.request_id, exchange.ids.trace_id());
  log::Write(status >= 500 ? log::Level::kWarning : log::Level::kDebug, "request",
             {{"route", exchange.route == nullptr ? std::string_view() : std::string_view(exchange.route->path)},
              {"status", status},
              {"user_id", exchange.user_id()},
              {"took_us", std::int64_t{took.count()}}});
}

}  // namespace papertape::gateway
