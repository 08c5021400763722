// Finnhub's trades as they happen (wss://ws.finnhub.io): a connection, a subscription for each symbol, and all of both
// again whenever it breaks: after a second, twice as long each time, up to a minute. A connection on which nothing at
// all comes for a minute is dead. The key travels in the address and is in no log and no error.
//
// More symbols than the plan allows are told by an error frame that names none: the last one is given up for each.
// Start and Stop are for one thread, Poll for another; the connection has a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "services/market_data/clients/backoff.h"
#include "services/market_data/clients/web_socket.h"
#include "services/market_data/domain/live_source.h"
#include "services/market_data/domain/quote_inbox.h"

namespace papertape::market {

struct FinnhubFrame;

class FinnhubStream final : public LiveSource {
 public:
  struct Options {
    StreamAddress address;
    std::string key;
    std::string ca_file;  // PEM; empty: the system's certificates
    std::vector<std::string> symbols;
    std::size_t most_symbols = 50;  // what a free key may subscribe to
    std::chrono::milliseconds silence{60'000};
    std::chrono::milliseconds handshake{60'000};  // on a slow day theirs take that long
    std::chrono::milliseconds retry_first{1'000};
    std::chrono::milliseconds retry_longest{60'000};
    std::chrono::milliseconds speaks_for{10'000};  // how long after the connection broke it is still waited for
    std::size_t room = 65'536;                     // trades that wait for the feed
  };
  enum class Event { kConnected, kLost, kRefused, kGivenUp, kUnreadable };
  // Called on the connection's thread.
  using Observer = std::function<void(Event event)>;

  FinnhubStream(Options options, RandomBits random, Observer observer, const Clock& clock);
  ~FinnhubStream() override { Stop(); }

  [[nodiscard]] std::string_view name() const override;
  // Of a symbol that has traded since the connection was made, while the connection lives.
  [[nodiscard]] bool SpeaksFor(const std::string& symbol, Timestamp now) const override;
  [[nodiscard]] bool Covers(const std::string& symbol) const override;
  std::vector<Quote> Poll(Timestamp now) override;
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + std::chrono::milliseconds(20); }
  void Start() override;
  void Stop() override;

  // How many symbols it subscribes to.
  [[nodiscard]] std::size_t subscriptions() const;

 private:
  void Run();
  // Until the connection ends; why.
  absl::Status Listen();
  absl::Status Subscribe(WebSocket& socket);
  absl::Status Take(WebSocket& socket, FinnhubFrame frame);
  absl::Status GiveUpOne(WebSocket& socket);
  // False when it is to stop.
  bool WaitFor(std::chrono::milliseconds time);

  const Options options_;
  const Observer observer_;
  const Clock& clock_;
  Backoff backoff_;
  QuoteInbox inbox_;
  std::thread thread_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool stopping_ = false;
  std::shared_ptr<WebSocket> socket_;
  std::vector<std::string> symbols_;                    // that are subscribed to
  std::unordered_map<std::string, Timestamp> told_at_;  // when a symbol's trades came last
  bool connected_ = false;
  Timestamp lost_at_;  // while it is not connected
};

}  // namespace papertape::market
