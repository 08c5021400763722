// What one commit makes durable: the accounts and trades that are new and those that changed (once each, in their last
// state) and everything that was appended, in order.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/trade_engine/domain/excursions.h"
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

// A corporate action that has been applied to the trades that were open, or whose last debts have been paid.
struct ActionMark {
  std::string action_id;
  std::int64_t revision = 1;  // that was applied
  bool settled = false;       // nothing is owed to closed trades any more
  Timestamp at;
};

// How far a trade that was closed had been down and up.
struct ClosedWay {
  std::int64_t user_id = 0;
  std::string trade_id;
  Excursion excursion;
};

// Rows by key: those that a batch makes and those from before that it changes.
template <class Key, class Row>
class Changes {
 public:
  void Make(const Key& key, const Row& row) {
    at_[key] = {true, made_.size()};
    made_.push_back(row);
  }
  void Change(const Key& key, const Row& row) {
    const auto [found, is_first] = at_.try_emplace(key, Place{false, changed_.size()});
    if (is_first) {
      changed_.push_back(row);
    } else {
      (found->second.is_made ? made_ : changed_)[found->second.index] = row;
    }
  }
  [[nodiscard]] bool empty() const { return made_.empty() && changed_.empty(); }
  [[nodiscard]] const std::vector<Row>& made() const { return made_; }
  [[nodiscard]] const std::vector<Row>& changed() const { return changed_; }

 private:
  struct Place {
    bool is_made;
    std::size_t index;
  };
  std::vector<Row> made_, changed_;
  std::unordered_map<Key, Place> at_;
};

class Batch {
 public:
  void Make(const Account& account) { accounts_.Make(account.user_id, account); }
  void Change(const Account& account) { accounts_.Change(account.user_id, account); }
  void Make(const Trade& trade) { trades_.Make(trade.trade_id, trade); }
  void Change(const Trade& trade) { trades_.Change(trade.trade_id, trade); }
  void Append(Order order) { orders_.push_back(std::move(order)); }
  void Append(Transfer transfer) { transfers_.push_back(std::move(transfer)); }
  void Append(Event event) { events_.push_back(std::move(event)); }
  void Append(Adjustment adjustment) { adjustments_.push_back(std::move(adjustment)); }
  void Append(ActionMark mark) { action_marks_.push_back(std::move(mark)); }
  void Append(ClosedWay way) { closed_ways_.push_back(std::move(way)); }
  void Append(RememberedReply reply) { replies_.push_back(std::move(reply)); }
  // The newest tick that the changes took into account. Its session is that of all the changes.
  void set_tick_position(TapePosition position) { tick_position_ = std::move(position); }

  // The extremes of open trades' symbols as of the tick position.
  void set_extremes(ExtremesChange extremes) { extremes_ = std::move(extremes); }

  // Nothing but the tick position changed.
  [[nodiscard]] bool empty() const { return accounts_.empty() && replies_.empty() && action_marks_.empty(); }
  [[nodiscard]] const Changes<std::int64_t, Account>& accounts() const { return accounts_; }
  [[nodiscard]] const Changes<std::string, Trade>& trades() const { return trades_; }
  [[nodiscard]] const std::vector<Order>& orders() const { return orders_; }
  [[nodiscard]] const std::vector<Transfer>& transfers() const { return transfers_; }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] const std::vector<Adjustment>& adjustments() const { return adjustments_; }
  [[nodiscard]] const std::vector<ActionMark>& action_marks() const { return action_marks_; }
  [[nodiscard]] const std::vector<RememberedReply>& replies() const { return replies_; }
  [[nodiscard]] const std::vector<ClosedWay>& closed_ways() const { return closed_ways_; }
  [[nodiscard]] const std::optional<ExtremesChange>& extremes() const { return extremes_; }
  [[nodiscard]] const TapePosition& tick_position() const { return tick_position_; }

 private:
  Changes<std::int64_t, Account> accounts_;
  Changes<std::string, Trade> trades_;
  std::vector<Order> orders_;
  std::vector<Transfer> transfers_;
  std::vector<Event> events_;
  std::vector<Adjustment> adjustments_;
  std::vector<ActionMark> action_marks_;
  std::vector<ClosedWay> closed_ways_;
  std::optional<ExtremesChange> extremes_;
  std::vector<RememberedReply> replies_;
  TapePosition tick_position_;
};

}  // namespace papertape::trade_engine
