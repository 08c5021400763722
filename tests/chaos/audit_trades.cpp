#include <algorithm>
#include <optional>
#include <set>

#include "fmt/format.h"
#include "libs/rpc/proto_types.h"
#include "tests/chaos/audit.h"

namespace papertape::chaos {
namespace {

// One row of trades with the quote of its closing fill.
struct StoredTrade {
  std::string id;
  std::int64_t user_id = 0;
  std::string symbol, status;
  bool is_long = true;
  Price entry_price;
  std::optional<Price> stop_loss, target_price, exit_price;
  std::optional<Money> pnl;
  Timestamp filled_at;                 // time of the quote that opened it
  std::optional<Timestamp> exited_at;  // and of the one that closed it

  [[nodiscard]] bool StopReached(Price price) const {
    return stop_loss && (is_long ? price <= *stop_loss : price >= *stop_loss);
  }
  [[nodiscard]] bool TargetReached(Price price) const {
    return target_price && (is_long ? price >= *target_price : price <= *target_price);
  }
};

std::vector<StoredTrade> LoadTrades(pg::Pool& pool) {
  const pg::Rows rows =
      Select(pool,
             "select t.trade_id, t.user_id, t.symbol, t.status, t.side, t.entry_price, t.stop_loss, t.target_price, "
             "t.exit_price, t.pnl, t.quote_time, f.quote_time from trades t left join orders o on (o.user_id, "
             "o.trade_id, o.opens) = (t.user_id, t.trade_id, false) left join fills f on (f.user_id, f.order_id) = "
             "(o.user_id, o.order_id)");
  std::vector<StoredTrade> trades;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    trades.push_back({.id = std::string(rows.Text(row, 0)),
                      .user_id = rows.Int(row, 1),
                      .symbol = std::string(rows.Text(row, 2)),
                      .status = std::string(rows.Text(row, 3)),
                      .is_long = rows.Text(row, 4) == "BUY",
                      .entry_price = rows.Exact<Price>(row, 5),
                      .stop_loss = rows.OptionalExact<Price>(row, 6),
                      .target_price = rows.OptionalExact<Price>(row, 7),
                      .exit_price = rows.OptionalExact<Price>(row, 8),
                      .pnl = rows.OptionalExact<Money>(row, 9),
                      .filled_at = rows.Time(row, 10)});
    if (!rows.IsNull(row, 11)) trades.back().exited_at = rows.Time(row, 11);
  }
  return trades;
}

// Empty when the trade stands as its ticks say.
std::string TriggerFault(const StoredTrade& trade, const std::vector<Tick>& ticks) {
  const auto after_fill =
      std::find_if(ticks.begin(), ticks.end(), [&](const Tick& tick) { return tick.time > trade.filled_at; });
  const auto first = std::find_if(after_fill, ticks.end(), [&](const Tick& tick) {
    return trade.StopReached(tick.price) || trade.TargetReached(tick.price);
  });
  if (trade.status == "ACTIVE") return first == ticks.end() ? "" : "is open though a tick crossed it";
  if (trade.status == "CLOSED") {
    return first != ticks.end() && first->time < *trade.exited_at ? "was closed by hand after a tick crossed it" : "";
  }
  if (trade.status == "STOP_LOSS_HIT" ? !trade.StopReached(*trade.exit_price)
                                      : !trade.TargetReached(*trade.exit_price)) {
    return "fired at a price that does not cross it";
  }
  // The tick that made the price of the fill is read again after a crash, and may then fire itself.
  if (trade.exited_at == trade.filled_at) return "";
  const bool by_first = first != ticks.end() && trade.exited_at == first->time && trade.exit_price == first->price;
  return by_first ? "" : "was not closed by the first tick that crossed it";
}

// Empty when what the engine told of opening a trade is what is stored.
std::string OpeningFault(const StoredTrade* stored, const Trader& trader, const v1::CreateTradeReply& told) {
  if (stored == nullptr) return "was acknowledged and is gone";
  const bool same = stored->user_id == trader.user_id() && stored->symbol == told.symbol() &&
                    stored->is_long == (told.trade_type() == v1::TRADE_TYPE_BUY) &&
                    stored->entry_price == rpc::Decode<Price>(told.entry_price());
  return same ? "" : "is not stored as it was acknowledged";
}

std::string ExitFault(const StoredTrade* stored, const v1::Trade& told) {
  if (stored == nullptr) return "was exited and is gone";
  const bool same = stored->status == "CLOSED" && stored->exit_price == rpc::Decode<Price>(told.exit_price()) &&
                    stored->pnl == rpc::Decode<Money>(told.pnl());
  return same ? "" : "is not stored as its exit was acknowledged";
}

}  // namespace

Faults AuditTriggers(pg::Pool& pool, const std::map<std::string, std::vector<Tick>>& ticks) {
  Faults faults;
  for (const StoredTrade& trade : LoadTrades(pool)) {
    const std::string fault = TriggerFault(trade, ticks.at(trade.symbol));
    if (!fault.empty()) faults.push_back(fmt::format("trade {} {}", trade.id, fault));
  }
  return faults;
}

Faults AuditAcknowledged(pg::Pool& pool, const std::vector<const Trader*>& traders) {
  const std::vector<StoredTrade> trades = LoadTrades(pool);
  std::map<std::string, const StoredTrade*> by_id;
  std::map<std::int64_t, std::int64_t> unexplained;  // trades of each user that nobody was told of
  for (const StoredTrade& trade : trades) {
    by_id[trade.id] = &trade;
    ++unexplained[trade.user_id];
  }
  Faults faults;
  std::set<std::string> told;
  std::map<std::int64_t, std::int64_t> abandoned;
  const auto note = [&](const std::string& trade_id, const std::string& fault) {
    if (!fault.empty()) faults.push_back(fmt::format("trade {} {}", trade_id, fault));
  };
  for (const Trader* trader : traders) {
    const Acknowledged& acknowledged = trader->acknowledged();
    faults.insert(faults.end(), acknowledged.refusals.begin(), acknowledged.refusals.end());
    abandoned[trader->user_id()] += acknowledged.abandoned;
    for (const v1::CreateTradeReply& reply : acknowledged.opened) {
      note(reply.trade_id(), OpeningFault(by_id[reply.trade_id()], *trader, reply));
      note(reply.trade_id(), told.insert(reply.trade_id()).second ? "" : "was told to two orders");
      --unexplained[trader->user_id()];
    }
    for (const v1::Trade& trade : acknowledged.exited)
      note(trade.trade_id(), ExitFault(by_id[trade.trade_id()], trade));
  }
  // An order that was given up may have been carried out, once.
  for (const auto& [user_id, count] : unexplained) {
    if (count < 0 || count > abandoned[user_id]) {
      faults.push_back(fmt::format("user {} has {} trades that nobody was told of, and gave up {} orders", user_id,
                                   count, abandoned[user_id]));
    }
  }
  return faults;
}

}  // namespace papertape::chaos
