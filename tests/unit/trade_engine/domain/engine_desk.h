// An engine on a journal in memory, with blocking doors.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "libs/clock/fake_clock.h"
#include "services/trade_engine/domain/engine.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/unit/trade_engine/domain/memory_journal.h"

namespace papertape::trade_engine {

class Desk {
 public:
  explicit Desk(MemoryJournal& journal, bool catch_up = false)
      : ids_(clock_, SeededRandom(3)),
        engine_(Engine::Options{.recover_every = std::chrono::milliseconds(1), .catch_up = catch_up}, BookOptions(),
                journal, ids_, view_, clock_,
                {.after_commit = [this] { ++relays_; }, .superseded = [this] { superseded_ = true; }}) {
    engine_.Start();
    REQUIRE(papertape::testing::Eventually([&] { return catch_up ? loaded() : engine_.Ready().ok(); }));
  }
  ~Desk() { engine_.Stop(); }

  template <class Result, class Command>
  std::future<absl::StatusOr<Result>> Send(Command command, const std::string& key = "",
                                           const std::string& fingerprint = "f") {
    auto promise = std::make_shared<std::promise<absl::StatusOr<Result>>>();
    RequestContext context{.user_id = 1, .request_id = "r", .idempotency_key = key, .fingerprint = fingerprint};
    engine_.Submit<Command, Result>(
        context, command, [](const Result&) { return std::string("remembered"); },
        [promise](const std::string& bytes) { promise->set_value(absl::AlreadyExistsError(bytes)); },
        [promise](absl::StatusOr<Result> result) { promise->set_value(std::move(result)); });
    return promise->get_future();
  }
  std::future<absl::StatusOr<TradeOpened>> Buy(std::optional<Price> stop = std::nullopt, const std::string& key = "",
                                               const std::string& fingerprint = "f") {
    const Quote quote{.symbol = "AAPL", .last = Price::FromUnits(100), .time = clock_.Now(), .source = "test"};
    return Send<TradeOpened>(
        OpenTrade{
            .user_id = 1, .symbol = "AAPL", .quantity = Quantity::FromUnits(1), .stop_loss = stop, .quote = quote},
        key, fingerprint);
  }
  void Tick(std::int64_t units, const std::string& entry) { Tick(units, TapePosition{.entry = entry}); }
  // A price at the market's time.
  void Tick(std::int64_t units, const TapePosition& position) {
    const Timestamp time = position.session == 0 ? clock_.Now() : FromMicrosSinceEpoch(position.clock_micros);
    engine_.Feed({.epoch = engine_.tick_cursor().epoch,
                  .position = position,
                  .quotes = {{.symbol = "AAPL", .last = Price::FromUnits(units), .time = time, .source = "test"}}});
  }
  // The first price of another session, which the engine has read again once it has opened that session's books.
  void Turn(std::int64_t units, const TapePosition& position) {
    const std::uint64_t epoch = engine_.tick_cursor().epoch;
    Tick(units, position);
    REQUIRE(papertape::testing::Eventually([&] { return engine_.tick_cursor().epoch > epoch; }));
    Tick(units, position);
  }

  [[nodiscard]] bool loaded() { return engine_.tick_cursor().epoch > 0; }

  FakeClock clock_;
  IdSource ids_;
  CommittedView view_;
  std::atomic<int> relays_ = 0;
  std::atomic<bool> superseded_ = false;
  Engine engine_;
};

}  // namespace papertape::trade_engine
