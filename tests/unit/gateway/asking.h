// What tests ask of a gateway over a FakeSuite: one request a connection.
#pragma once

#include <string>
#include <string_view>

#include "libs/clock/clock.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/fake_suite.h"
#include "tests/unit/gateway/raw_client.h"

namespace papertape::gateway::testing {

inline RawResponse Ask(const FakeSuite& suite, std::string_view request) {
  RawClient client(suite.port());
  const auto response = client.Ask(request);
  REQUIRE(response);
  return *response;
}

inline std::string Bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

// Asks until the answer contains `part`.
inline RawResponse AskUntil(const FakeSuite& suite, const std::string& request, const std::string& part) {
  const Instant deadline = SystemClock().Steady() + kPatience;
  RawResponse response = Ask(suite, request);
  while (response.body.find(part) == std::string::npos && SystemClock().Steady() < deadline)
    response = Ask(suite, request);
  CHECK_THAT(response.body, Catch::Matchers::Contains(part));
  return response;
}

// The value of a metric, as /metrics prints it.
inline std::string MetricOf(const FakeSuite& suite, const std::string& name) {
  const std::string text = Ask(suite, Get("/metrics")).body;
  const std::size_t at = text.find("\n" + name + " ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace papertape::gateway::testing
