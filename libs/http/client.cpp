#include "libs/http/client.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "fmt/format.h"
#include "libs/http/retry_after.h"
#include "libs/log/log.h"

namespace papertape::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{250};
// What a provider is left alone for that wants fewer requests and has neither said how long nor been given a limit.
constexpr milliseconds kBusyPause{1'000};

milliseconds Until(Instant moment, Instant now) { return std::chrono::ceil<milliseconds>(moment - now); }

}  // namespace

// How one try ended.
struct Client::Verdict {
  absl::StatusOr<Response> answer;
  bool try_again = false;
  milliseconds pause{0};  // before the next try
};

Client::Client(ClientOptions options, const Clock& clock, RandomBits random, rpc::Metrics& metrics, Wait wait)
    : options_(std::move(options)),
      clock_(clock),
      random_(std::move(random)),
      wait_(std::move(wait)),
      metrics_(metrics, options_.name),
      pace_(options_.limits),
      breaker_(options_.name, clock, [this](rpc::Breaker::State state) { metrics_.BreakerEntered(state); }),
      exchanger_({.base = options_.base,
                  .ca_file = options_.ca_file,
                  .user_agent = options_.user_agent,
                  .body_limit_bytes = options_.body_limit_bytes}) {}

std::optional<Request> Client::Follow(std::string_view url) const {
  std::string_view path = PathOf(url);
  if (path.empty()) return std::nullopt;
  if (path.starts_with(options_.base.prefix)) path.remove_prefix(options_.base.prefix.size());
  const std::size_t question = std::min(path.find('?'), path.size());
  Request request{.path = std::string(path.substr(0, question))};
  if (question < path.size()) request.query = path.substr(question + 1);
  return request;
}

absl::StatusOr<Response> Client::Call(std::string_view verb, const Request& request, Instant deadline) {
  const int tries = request.repeatable ? std::max(options_.tries, 1) : 1;
  for (int attempt = 1;; ++attempt) {
    PT_RETURN_IF_ERROR(AwaitTurn(deadline));
    Verdict verdict = Try(verb, request, attempt, deadline);
    if (verdict.answer.ok()) return verdict.answer;
    const bool last = !verdict.try_again || attempt == tries || clock_.Steady() + verdict.pause >= deadline;
    log::Warning(last ? "a provider fails" : "a provider fails, trying again",
                 {{"provider", options_.name},
                  {"path", request.path},
                  {"attempt", attempt},
                  {"detail", MessageOf(verdict.answer.status())}});
    if (last) return verdict.answer;
    WaitUntil(clock_.Steady() + verdict.pause);
  }
}

absl::Status Client::AwaitTurn(Instant deadline) {
  const Instant now = clock_.Steady();
  const Pace::Turn turn = pace_.Take(now, deadline);
  if (!turn.taken) {
    metrics_.Count(Outcome::kPaced);
    return Away("may not be asked again in time", Until(turn.at, now));
  }
  // Asked before the wait, so that nobody waits for a turn at somebody who is away.
  if (const absl::Status closed = breaker_.Allow(); !closed.ok()) {
    pace_.GiveBack(turn);
    metrics_.Count(Outcome::kBreaker);
    return Away("has failed several times and is left alone", milliseconds(DetailsOf(closed).retry_after_ms));
  }
  WaitUntil(turn.at);
  return absl::OkStatus();
}

Client::Verdict Client::Try(std::string_view verb, const Request& request, int attempt, Instant deadline) {
  {
    const std::lock_guard lock(mutex_);
    if (hung_up_) {
      breaker_.Record(true);
      return {.answer = Away("is not asked: this process stops", milliseconds(0))};
    }
  }
  const Instant sent = clock_.Steady();
  std::variant<Response, Fault> outcome =
      exchanger_.Exchange(verb, request, std::chrono::floor<milliseconds>(deadline - sent));
  metrics_.Took(clock_.Steady() - sent);
  if (auto* response = std::get_if<Response>(&outcome)) return Judge(std::move(*response), attempt);

  const Fault fault = std::get<Fault>(outcome);
  breaker_.Record(fault != Fault::kTooLarge);
  if (fault == Fault::kTooLarge) {
    metrics_.Count(Outcome::kTooLarge);
    return {.answer = Error(ErrorDetails{.reason = Reason::kPROVIDER_MALFORMED, .metadata = {{"provider", name()}}},
                            fmt::format("{} {}.", name(), FaultText(fault)))};
  }
  metrics_.Count(fault == Fault::kTooSlow ? Outcome::kTooSlow : Outcome::kUnreachable);
  return {.answer = Away(FaultText(fault), milliseconds(0)),
          .try_again = fault == Fault::kUnreachable,
          .pause = Jittered(kFirstPause, attempt)};
}

Client::Verdict Client::Judge(Response response, int attempt) {
  const bool busy = options_.is_busy ? options_.is_busy(response) : response.status == 429;
  breaker_.Record(!busy && response.status >= 500);
  if (busy || response.status >= 500) {
    metrics_.Count(busy ? Outcome::kBusy : Outcome::kFailed);
    const milliseconds usual = busy ? std::max(pace_.Distance(), kBusyPause) : kFirstPause;
    const auto told = ParseRetryAfter(response.Header("retry-after"), clock_.Now());
    const milliseconds pause = told.value_or(Jittered(usual, attempt));
    if (busy) pace_.PauseUntil(clock_.Steady() + pause);
    return {.answer = Away(busy ? std::string("wants fewer requests") : fmt::format("answers {}", response.status),
                           busy || told ? pause : milliseconds(0)),
            .try_again = true,
            .pause = pause};
  }
  if (response.status >= 300 && response.status < 400) {
    metrics_.Count(Outcome::kRefused);
    return {.answer = Error(ErrorDetails{.reason = Reason::kPROVIDER_MALFORMED, .metadata = {{"provider", name()}}},
                            fmt::format("{} sends us elsewhere ({}), where no key goes.", name(), response.status))};
  }
  metrics_.Count(response.status < 300 ? Outcome::kAnswered : Outcome::kRefused);
  return {.answer = std::move(response)};
}

void Client::WaitUntil(Instant until) {
  if (wait_) return wait_(until);
  std::unique_lock lock(mutex_);
  for (auto left = until - clock_.Steady(); left.count() > 0 && !hung_up_; left = until - clock_.Steady()) {
    woken_.wait_for(lock, left);
  }
}

void Client::HangUp() {
  {
    const std::lock_guard lock(mutex_);
    hung_up_ = true;
  }
  woken_.notify_all();
  exchanger_.HangUp();
}

milliseconds Client::Jittered(milliseconds base, int attempt) {
  const std::lock_guard lock(mutex_);
  const milliseconds full = base * (1LL << std::min(attempt - 1, 10));
  // Between the whole and half as much again: those who failed together do not come back together.
  return full + milliseconds(static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(full.count() / 2 + 1)));
}

absl::Status Client::Away(std::string_view what, milliseconds retry_after) const {
  const absl::Status status =
      Error(ErrorDetails{.reason = Reason::kPROVIDER_UNAVAILABLE, .metadata = {{"provider", name()}}},
            fmt::format("{} {}.", name(), what));
  return retry_after.count() > 0 ? WithRetryAfter(status, retry_after.count()) : status;
}

}  // namespace papertape::http
