#include "gateway/stream_hub.h"

#include <algorithm>
#include <utility>

#include "libs/json/json_text.h"

namespace papertape::gateway {
namespace {

using notification::v1::FeedBatch;

std::string EncodeAlert(const notification::v1::Alert& alert) {
  std::string text = R"({"type":"alert","ticker":)";
  json::AppendString(alert.ticker(), text);
  text += R"(,"trade_id":)";
  json::AppendString(alert.trade_id(), text);
  text += R"(,"message":)";
  json::AppendString(alert.message(), text);
  return text + '}';
}

struct UserAlert {
  std::int64_t user_id = 0;
  std::string text;
};

}  // namespace

std::uint32_t ThreadHub::Subscribe(std::string_view symbol, StreamReader& reader) {
  const auto [found, is_new] = by_symbol_.try_emplace(std::string(symbol), static_cast<std::uint32_t>(tickers_.size()));
  if (is_new) tickers_.emplace_back();
  tickers_[found->second].readers.push_back(&reader);
  return found->second;
}

void ThreadHub::Unsubscribe(std::uint32_t ticker, StreamReader& reader) {
  std::erase(tickers_[ticker].readers, &reader);
}

void ThreadHub::RemoveUser(std::int64_t user_id, StreamReader& reader) {
  const auto found = users_.find(user_id);
  if (found == users_.end()) return;
  std::erase(found->second, &reader);
  if (found->second.empty()) users_.erase(found);
}

void ThreadHub::RemoveSession(const std::string& session_id, StreamReader& reader) {
  const auto found = sessions_.find(session_id);
  if (found == sessions_.end()) return;
  std::erase(found->second, &reader);
  if (found->second.empty()) sessions_.erase(found);
}

void ThreadHub::Forget(StreamReader& reader) { std::erase(to_flush_, &reader); }

void ThreadHub::FlushSoon(StreamReader& reader) {
  to_flush_.push_back(&reader);
  if (std::exchange(timer_runs_, true)) return;
  timer_.expires_after(kWindow);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    timer_runs_ = false;
    if (!stopped) FlushAll();
  });
}

void ThreadHub::FlushAll() {
  // A reader may go while another is flushed: Forget then takes it out of what is left.
  while (!to_flush_.empty()) {
    StreamReader* const reader = to_flush_.back();
    to_flush_.pop_back();
    reader->OnFlush();
  }
}

void ThreadHub::OnPrices(const BoardChange& change) {
  if (change.is_other_market) {
    for (Ticker& ticker : tickers_) ticker.frame = nullptr;
  }
  for (const PriceUpdate& update : change.prices) {
    const auto found = by_symbol_.find(update.symbol);
    if (found == by_symbol_.end()) continue;
    Ticker& ticker = tickers_[found->second];
    ticker.frame = update.frame;
    for (StreamReader* reader : ticker.readers) reader->OnPrice(found->second);
  }
}

void ThreadHub::OnAlert(std::int64_t user_id, const std::string& text) {
  const auto found = users_.find(user_id);
  if (found == users_.end()) return;
  // Sending may end a reader, which then removes itself.
  const std::vector<StreamReader*> readers = found->second;
  for (StreamReader* reader : readers) reader->OnAlert(text);
}

void ThreadHub::OnSessionEnded(const std::string& session_id) {
  const auto found = sessions_.find(session_id);
  if (found == sessions_.end()) return;
  const std::vector<StreamReader*> readers = found->second;
  for (StreamReader* reader : readers) reader->OnSessionEnded();
}

StreamHub::StreamHub(IoThreads& threads, QuoteBoard& board, StreamLimits limits)
    : threads_(threads), board_(board), limits_(limits) {
  for (std::size_t i = 0; i < threads.size(); ++i) hubs_.push_back(std::make_unique<ThreadHub>(threads[i]));
}

void StreamHub::OnQuotes(const market_data::v1::QuoteBatch& batch) {
  auto change = std::make_shared<const BoardChange>(board_.Update(batch));
  if (sockets_ == 0 || (change->prices.empty() && !change->is_other_market)) return;
  threads_.PostToAll([this, change](IoThread& thread) { Of(thread).OnPrices(*change); });
}

void StreamHub::OnFeed(const FeedBatch& batch) {
  auto alerts = std::make_shared<std::vector<UserAlert>>();
  for (const auto& entry : batch.entries()) {
    if (entry.has_alert()) alerts->push_back({entry.notification().user_id(), EncodeAlert(entry.alert())});
  }
  if (sockets_ == 0 || alerts->empty()) return;
  threads_.PostToAll([this, alerts](IoThread& thread) {
    for (const UserAlert& alert : *alerts) Of(thread).OnAlert(alert.user_id, alert.text);
  });
}

std::shared_ptr<void> StreamHub::EnterAddress(const boost::asio::ip::address& client) {
  const RateKey key = AddressKey(client);
  const std::lock_guard lock(mutex_);
  int& sockets = sockets_by_address_[key];
  if (sockets >= limits_.of_an_address) return nullptr;
  ++sockets;
  // What it points to is of no matter, only that it is not null.
  return {this, [this, key](void*) {
            const std::lock_guard leaving(mutex_);
            if (--sockets_by_address_[key] == 0) sockets_by_address_.erase(key);
          }};
}

void StreamHub::OnSessionEnded(const std::string& session_id) {
  if (sockets_ == 0) return;
  threads_.PostToAll([this, session_id](IoThread& thread) { Of(thread).OnSessionEnded(session_id); });
}

bool StreamHub::EnterUser(std::int64_t user_id) {
  const std::lock_guard lock(mutex_);
  int& sockets = sockets_by_user_[user_id];
  if (sockets >= limits_.of_a_user) return false;
  ++sockets;
  return true;
}

void StreamHub::LeaveUser(std::int64_t user_id) {
  const std::lock_guard lock(mutex_);
  if (--sockets_by_user_[user_id] == 0) sockets_by_user_.erase(user_id);
}

}  // namespace papertape::gateway
