// What one commit makes durable: the state of every account and trade that changed (once each, the last one wins) and
// everything that was appended, in order.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// The answer to a request that carried an idempotency key, kept so that a repetition gets it again.
struct RememberedReply {
  std::int64_t user_id = 0;
  std::string key;
  std::string fingerprint;  // of the request: the same key with another request is refused
  std::string reply;        // opaque bytes of the edge
  Timestamp created_at;
};

class Batch {
 public:
  void Put(const Account& account);
  void Put(const Trade& trade);
  void Append(Order order) { orders_.push_back(std::move(order)); }
  void Append(Transfer transfer) { transfers_.push_back(std::move(transfer)); }
  void Append(Event event) { events_.push_back(std::move(event)); }
  void Append(RememberedReply reply) { replies_.push_back(std::move(reply)); }
  // The newest tick that the changes took into account.
  void set_tick_position(std::string position) { tick_position_ = std::move(position); }

  // Nothing but the tick position changed.
  [[nodiscard]] bool empty() const { return accounts_.empty() && replies_.empty(); }
  [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }
  [[nodiscard]] const std::vector<Trade>& trades() const { return trades_; }
  [[nodiscard]] const std::vector<Order>& orders() const { return orders_; }
  [[nodiscard]] const std::vector<Transfer>& transfers() const { return transfers_; }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] const std::vector<RememberedReply>& replies() const { return replies_; }
  [[nodiscard]] const std::string& tick_position() const { return tick_position_; }

 private:
  std::vector<Account> accounts_;
  std::unordered_map<std::int64_t, std::size_t> account_at_;
  std::vector<Trade> trades_;
  std::unordered_map<std::string, std::size_t> trade_at_;
  std::vector<Order> orders_;
  std::vector<Transfer> transfers_;
  std::vector<Event> events_;
  std::vector<RememberedReply> replies_;
  std::string tick_position_;
};

}  // namespace papertape::trade_engine
