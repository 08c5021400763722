// One request between its arrival and its answer. Its steps follow one another, each on the thread that it says; no two
// run at once.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gateway/http_session.h"
#include "gateway/rate_limiter.h"
#include "gateway/request_ids.h"
#include "gateway/route.h"
#include "libs/auth/caller.h"
#include "libs/clock/clock.h"

namespace papertape::gateway {

struct Exchange {
  std::shared_ptr<HttpSession> session;
  const HttpRequest& request;  // the session's; stays as it is until the answer
  RequestIds ids;
  Instant started;
  boost::asio::ip::address client;  // who asks, also behind a proxy that is trusted
  const Route* route = nullptr;     // none: the gateway's own, or unknown
  RouteMatch match;                 // when there is a route; points into the request
  std::string bearer;               // the credential, as the services take it; empty: none was sent
  absl::StatusOr<auth::Caller> caller = auth::Caller();  // whom it names; nobody without one
  RateDecision rate;

  [[nodiscard]] std::int64_t user_id() const { return caller.ok() ? caller->user_id : 0; }
};

using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace papertape::gateway
