// A fake provider behind a port, and a client whose time passes when it waits.
#pragma once

#include <memory>
#include <string>

#include "libs/clock/fake_clock.h"
#include "libs/http/client.h"
#include "services/market_data/domain/provider.h"
#include "tests/support/market/fakes.h"
#include "tests/support/matchers.h"

namespace papertape::market {

inline Timestamp Day(const char* text) { return ParseDate(text).value(); }

// 2024, a year of fake trading.
inline const testing::Tape& TheTape() {
  static const auto* const tape = new testing::Tape(testing::MakeTape(Day("2024-01-02"), Day("2024-12-31")));
  return *tape;
}

struct ProviderWorld {
  ProviderWorld(testing::FakeProvider& fake, const std::string& name, http::ClientOptions options = {})
      : server([&fake](const testing::HttpAsk& ask) { return fake.Answer(ask); }) {
    options.name = name;
    options.base = http::ParseBaseUrl(server.url()).value();
    client = std::make_unique<http::Client>(options, clock, SeededRandom(1), metrics, [this](Instant until) {
      if (until > clock.Steady()) clock.Advance(std::chrono::ceil<std::chrono::microseconds>(until - clock.Steady()));
    });
  }
  [[nodiscard]] Instant Deadline(std::chrono::milliseconds time = std::chrono::seconds(60)) const {
    return clock.Steady() + time;
  }

  FakeClock clock;  // the first of 2026
  rpc::Metrics metrics;
  testing::FakeHttp server;
  std::unique_ptr<http::Client> client;
};

// Bars of `symbol` between two days, as they were traded.
inline std::vector<Bar> Traded(const std::string& symbol, const char* from, const char* until) {
  std::vector<Bar> bars;
  for (const Bar& bar : TheTape().Find(symbol)->bars) {
    if (bar.time >= Day(from) && bar.time <= Day(until)) bars.push_back(bar);
  }
  return bars;
}

inline BarRequest Daily(const std::string& symbol, const char* from, const char* until) {
  return {.symbol = symbol, .interval = Interval::kDay, .from = Day(from), .until = Day(until)};
}

}  // namespace papertape::market
