// A provider of a test's own: knows the bars that it was told, fails when it was told to, and remembers who asked.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/status/status.h"
#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/session_gaps.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market::testing {

class ToldHistory final : public BarHistory {
 public:
  [[nodiscard]] bool Has(std::string_view provider) const override { return provider == "told"; }
  [[nodiscard]] bool Can(const Instrument& instrument) const override { return bars.contains(instrument.symbol); }
  absl::StatusOr<FetchedBars> Fetch(const FetchRequest& wanted, Instant /*deadline*/) override {
    const BarRequest& request = asked.emplace_back(BarRequest{
        .symbol = wanted.instrument.symbol, .from = wanted.sessions.front(), .until = wanted.sessions.back()});
    if (!failures.empty()) {
      const absl::Status failure = std::exchange(failures.front(), absl::OkStatus());
      failures.pop_front();
      if (!failure.ok()) return failure;
    }
    SourcedBars told{.source = "told"};
    SourcedBars other{.source = "other"};
    for (const auto& [day, bar] : bars[request.symbol]) {
      if (day < request.from || day > request.until) continue;
      (others.contains(day) ? other : told).bars.push_back(bar);
    }
    FetchedBars fetched{.told = {std::move(told)}, .remark = std::exchange(remark, "")};
    if (!other.bars.empty()) fetched.told.push_back(std::move(other));
    return fetched;
  }
  // A bar of every session of XNAS from `first` to `last`.
  void Tell(const std::string& symbol, const char* first, const char* last) {
    double close = 100;
    for (const Timestamp day : FinishedSessions("XNAS", Day(first), Day(last), At("2030-01-01T00:00:00Z"))) {
      bars[symbol][day] = ABar(day, close, close + 1, close - 1, close, 1'000);
      close = close < 130 ? close + 1 : 100;
    }
  }

  std::map<std::string, std::map<Timestamp, Bar>> bars;  // by symbol and day
  std::set<Timestamp> others;                            // days that another tells
  std::deque<absl::Status> failures;                     // of the next requests; OK: none
  std::string remark;                                    // of the next request
  std::vector<BarRequest> asked;
};

}  // namespace papertape::market::testing
