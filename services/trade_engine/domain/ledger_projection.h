// Replaying an account's events: its figures by posting every transfer again, its trades, orders and transfers as the
// events tell them. The same events give the same rows, to the millionth. Pure; not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/trade_engine/domain/event_log.h"

namespace papertape::trade_engine {

class LedgerProjection {
 public:
  // The account's next event. INTERNAL when it is not the next one, or when the figures that it says the account has
  // are not those that its transfers make.
  absl::Status Apply(const EventRecord& record);

  [[nodiscard]] const Account& account() const { return account_; }
  [[nodiscard]] const std::map<std::string, Trade>& trades() const { return trades_; }
  [[nodiscard]] const std::vector<Order>& orders() const { return orders_; }
  [[nodiscard]] const std::vector<Transfer>& transfers() const { return transfers_; }
  // When the log took over an account that is older than it: of what was before, the log knows the figures alone.
  [[nodiscard]] const std::optional<Timestamp>& carried_over_at() const { return carried_over_at_; }
  [[nodiscard]] std::int64_t events() const { return events_; }

 private:
  void Begin(const Event& event);
  void Fold(const EventRecord& record);
  // Of the event's trade: its result before the event, if it was closed already.
  [[nodiscard]] std::optional<Money> PnlBefore(const EventRecord& record) const;
  // A closed trade more, or less.
  void Count(Money pnl, std::int64_t step);

  Account account_;
  std::map<std::string, Trade> trades_;  // by id
  std::vector<Order> orders_;
  std::vector<Transfer> transfers_;
  std::optional<Timestamp> carried_over_at_;
  std::int64_t events_ = 0;
};

}  // namespace papertape::trade_engine
