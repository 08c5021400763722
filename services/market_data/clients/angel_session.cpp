#include "services/market_data/clients/angel_session.h"

#include <utility>

#include "fmt/format.h"
#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/market_data/clients/angel_answer.h"
#include "services/market_data/clients/totp.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

constexpr char kLoginPath[] = "/rest/auth/angelbroking/user/v1/loginByPassword";
constexpr char kRenewPath[] = "/rest/auth/angelbroking/jwt/v1/generateTokens";
// A day of sessions begins at eight in Mumbai, before the market opens.
constexpr std::chrono::minutes kDayBegins{150};
constexpr std::chrono::hours kRenewAfter{6};
constexpr std::chrono::seconds kFromTheTurn{2};

std::int64_t DayOf(Timestamp time) { return (time - kDayBegins).time_since_epoch() / std::chrono::hours(24); }

std::string WithoutBearer(std::string_view token) {
  constexpr std::string_view kBearer = "Bearer ";
  if (token.starts_with(kBearer)) token.remove_prefix(kBearer.size());
  return std::string(token);
}

std::string Quoted(std::string_view text) {
  std::string quoted;
  log::AppendJsonString(text, quoted);
  return quoted;
}

bool IsTokenRefused(const absl::StatusOr<http::Response>& response) {
  return response.ok() && absl::IsUnauthenticated(ReadAngelAnswer(*response).status());
}

}  // namespace

bool IsAngelBusy(const http::Response& response) {
  return response.status == 429 ||
         (response.status == 403 && response.body.find("exceeding access rate") != std::string::npos);
}

absl::StatusOr<http::Response> AngelSession::Post(const std::string& path, const std::string& body, Instant deadline) {
  for (const bool again : {false, true}) {
    PT_ASSIGN_OR_RETURN(const std::string token, Token(deadline));
    absl::StatusOr<http::Response> response = Send(path, body, token, true, deadline);
    if (!IsTokenRefused(response)) return response;
    const std::lock_guard lock(mutex_);
    // Another call may have got a new one meanwhile.
    if (token_ != token) continue;
    token_.clear();
    if (again) refresh_.clear();
  }
  return ProviderRefuses(kAngel, "does not take a token that it has just given");
}

absl::StatusOr<std::string> AngelSession::Token(Instant deadline) {
  const std::lock_guard lock(mutex_);
  PT_RETURN_IF_ERROR(EnsureToken(deadline));
  return token_;
}

absl::StatusOr<http::Response> AngelSession::Send(const std::string& path, const std::string& body,
                                                  const std::string& token, bool repeatable, Instant deadline) {
  http::Request request;
  request.path = path;
  request.body = body;
  request.repeatable = repeatable;
  // The addresses are asked for and may be anything plausible: ours are nobody's business.
  request.headers = {{"Accept", "application/json"},
                     {"X-UserType", "USER"},
                     {"X-SourceID", "WEB"},
                     {"X-ClientLocalIP", "127.0.0.1"},
                     {"X-ClientPublicIP", "127.0.0.1"},
                     {"X-MACAddress", "00:00:00:00:00:00"},
                     {"X-PrivateKey", credentials_.api_key}};
  if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
  return client_.Post(request, deadline);
}

absl::Status AngelSession::EnsureToken(Instant deadline) {
  const Timestamp now = clock_.Now();
  const bool same_day = DayOf(now) == day_;
  if (same_day && !token_.empty() && now - renewed_at_ < kRenewAfter) return absl::OkStatus();
  if (same_day && !refresh_.empty()) {
    const absl::Status renewed = Renew(deadline);
    // A broken connection is no reason to log in; a token that is not taken is.
    if (renewed.ok() || ReasonOf(renewed) == Reason::kPROVIDER_UNAVAILABLE) return renewed;
    refresh_.clear();
  }
  return LogIn(deadline);
}

absl::Status AngelSession::Renew(Instant deadline) {
  const std::string body = fmt::format(R"({{"refreshToken":{}}})", Quoted(refresh_));
  PT_ASSIGN_OR_RETURN(const http::Response response, Send(kRenewPath, body, token_, false, deadline));
  return TakeTokens(response);
}

absl::Status AngelSession::MayLogIn(Timestamp now) const {
  const auto into = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch() % kTotpStep);
  std::chrono::milliseconds wait{0};
  if (into < kFromTheTurn) wait = kFromTheTurn - into;
  if (into > kTotpStep - kFromTheTurn || TotpStepOf(now) == sent_step_) wait = kTotpStep - into + kFromTheTurn;
  if (wait.count() == 0) return absl::OkStatus();
  return WithRetryAfter(ProviderAway(kAngel, "waits for the next one-time password"), wait.count());
}

absl::Status AngelSession::LogIn(Instant deadline) {
  const Timestamp now = clock_.Now();
  PT_RETURN_IF_ERROR(MayLogIn(now));
  sent_step_ = TotpStepOf(now);
  const std::string body = fmt::format(R"({{"clientcode":{},"password":{},"totp":"{}","state":"papertape"}})",
                                       Quoted(credentials_.client_code), Quoted(credentials_.password),
                                       TotpOf(credentials_.totp_secret, sent_step_));
  token_.clear();
  PT_ASSIGN_OR_RETURN(const http::Response response, Send(kLoginPath, body, "", false, deadline));
  PT_RETURN_IF_ERROR(TakeTokens(response));
  day_ = DayOf(now);
  log::Info("logged in at Angel One");
  return absl::OkStatus();
}

absl::Status AngelSession::TakeTokens(const http::Response& response) {
  const absl::StatusOr<AngelData> answer = ReadAngelAnswer(response);
  if (absl::IsUnauthenticated(answer.status())) return ProviderRefuses(kAngel, "does not take the credentials");
  PT_RETURN_IF_ERROR(answer.status());
  const auto& data = (*answer)["data"];
  std::string token = WithoutBearer(AngelText(data, "jwtToken"));
  if (token.empty()) return ProviderMalformed(kAngel, "gives no token");
  token_ = std::move(token);
  refresh_ = AngelText(data, "refreshToken");
  renewed_at_ = clock_.Now();
  return absl::OkStatus();
}

}  // namespace papertape::market
