// What can be asked of the book, and what it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

struct OpenAccount {
  std::int64_t user_id = 0;
  std::optional<Money> deposit;  // absent: the default
};

struct OpenTrade {
  std::int64_t user_id = 0;
  std::string symbol;
  Side side = Side::kBuy;
  Quantity quantity;
  std::optional<Price> stop_loss;
  std::optional<Price> target_price;
  std::optional<Quote> quote;  // used when it is newer than the book's own
};

// Absent: stays as it is; present without a price: is taken away.
struct ChangeTrade {
  std::int64_t user_id = 0;
  std::string trade_id;
  std::optional<std::optional<Price>> stop_loss;
  std::optional<std::optional<Price>> target_price;
};

struct ExitTrade {
  std::int64_t user_id = 0;
  std::string trade_id;
  std::optional<Quantity> quantity;  // the whole trade, where given
  std::optional<Quote> quote;
};

struct ExitAllTrades {
  std::int64_t user_id = 0;
  std::vector<Quote> quotes;
};

// Not asked by a user: what a corporate action owes to trades that were held when its ex-date began and were closed
// before anybody knew of it. UNAVAILABLE when the books of another session are open.
struct SettleAction {
  CorporateAction action;
  std::vector<Trade> trades;  // closed, and not adjusted by it
};

// What a decision did.
struct AccountOpened {
  Account account;
  bool existed = false;
};

struct TradeOpened {
  Account account;
  Trade trade;
  std::vector<std::string> warnings;
};

struct TradeChanged {
  Trade trade;
  std::optional<Price> last;  // newest price; absent while no quote has come
  std::vector<std::string> warnings;
};

struct ActionSettled {
  std::int64_t trades = 0;
};

struct TradesExited {
  Account account;
  std::vector<Trade> trades;
  Money total_pnl;
};

}  // namespace papertape::trade_engine
