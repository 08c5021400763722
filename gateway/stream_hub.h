// Where quotes and feed entries meet the sockets that want them. Each I/O thread has a hub of its own with the sockets
// that live on it; what arrives is encoded once, posted once to each thread that has a socket, and handed on there
// without a lock.
#pragma once

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/http_server.h"
#include "gateway/io_thread.h"
#include "gateway/quote_board.h"
#include "gateway/rate_limiter.h"
#include "papertape/notification/v1/notification_service.pb.h"

namespace papertape::gateway {

// A socket, as the hub of its thread sees it. Adds and removes itself.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  // The ticker has a newer frame (ThreadHub::FrameOf); Flush follows within the window.
  virtual void OnPrice(std::uint32_t ticker) = 0;
  virtual void OnFlush() = 0;
  // {"type":"alert",...}, as text.
  virtual void OnAlert(const std::string& text) = 0;
  // The session that its token belongs to has ended.
  virtual void OnSessionEnded() = 0;
};

// For its I/O thread alone.
class ThreadHub {
 public:
  // Prices of this long leave in one write.
  static constexpr std::chrono::milliseconds kWindow{10};

  explicit ThreadHub(IoThread& thread) : timer_(thread.context()) {}
  // Numbers of tickers are small and stay.
  std::uint32_t Subscribe(std::string_view symbol, StreamReader& reader);
  void Unsubscribe(std::uint32_t ticker, StreamReader& reader);
  void AddUser(std::int64_t user_id, StreamReader& reader) { users_[user_id].push_back(&reader); }
  void RemoveUser(std::int64_t user_id, StreamReader& reader);
  void AddSession(const std::string& session_id, StreamReader& reader) { sessions_[session_id].push_back(&reader); }
  void RemoveSession(const std::string& session_id, StreamReader& reader);
  // Null before the first price.
  [[nodiscard]] const SharedFrame& FrameOf(std::uint32_t ticker) const { return tickers_[ticker].frame; }
  void SetFrame(std::uint32_t ticker, SharedFrame frame) { tickers_[ticker].frame = std::move(frame); }
  // The reader has something to flush; it will be called back within the window.
  void FlushSoon(StreamReader& reader);
  // The reader is gone.
  void Forget(StreamReader& reader);

  // In another market the prices from before are void.
  void OnPrices(const BoardChange& change);
  void OnAlert(std::int64_t user_id, const std::string& text);
  void OnSessionEnded(const std::string& session_id);

 private:
  struct Ticker {
    SharedFrame frame;
    std::vector<StreamReader*> readers;
  };
  void FlushAll();

  boost::asio::steady_timer timer_;
  bool timer_runs_ = false;
  std::unordered_map<std::string, std::uint32_t> by_symbol_;
  std::vector<Ticker> tickers_;
  std::unordered_map<std::int64_t, std::vector<StreamReader*>> users_;
  std::unordered_map<std::string, std::vector<StreamReader*>> sessions_;
  std::vector<StreamReader*> to_flush_;
};

// How many sockets there may be at once.
struct StreamLimits {
  int of_a_user = 20;
  int of_an_address = 200;  // of IPv6, of its /64
};

// All threads' hubs. Thread-safe.
class StreamHub {
 public:
  // The board is told of every quote first. Both must outlive the hub.
  StreamHub(IoThreads& threads, QuoteBoard& board, StreamLimits limits);
  // The hub of the thread that asks.
  ThreadHub& Of(const IoThread& thread) { return *hubs_[thread.index()]; }
  QuoteBoard& board() { return board_; }

  void OnQuotes(const market_data::v1::QuoteBatch& batch);
  void OnQuotesEnd() { board_.Interrupt(); }
  void OnFeed(const notification::v1::FeedBatch& batch);
  void OnSessionEnded(const std::string& session_id);

  [[nodiscard]] const StreamLimits& limits() const { return limits_; }
  // A place among the sockets of an address, given back with its last copy; null when it has enough.
  std::shared_ptr<void> EnterAddress(const boost::asio::ip::address& client);
  // Sockets come and go; those of a signed-in user are limited. False when the user has enough.
  void Opened() { ++sockets_; }
  void Closed() { --sockets_; }
  [[nodiscard]] std::int64_t sockets() const { return sockets_; }
  bool EnterUser(std::int64_t user_id);
  void LeaveUser(std::int64_t user_id);

 private:
  IoThreads& threads_;
  QuoteBoard& board_;
  std::vector<std::unique_ptr<ThreadHub>> hubs_;
  std::atomic<std::int64_t> sockets_{0};
  std::mutex mutex_;
  const StreamLimits limits_;
  std::unordered_map<std::int64_t, int> sockets_by_user_;
  std::map<RateKey, int> sockets_by_address_;
};

}  // namespace papertape::gateway
