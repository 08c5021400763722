#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {
namespace {

std::string TextAt(const pg::Rows& rows, std::size_t row, int column) { return std::string(rows.Text(row, column)); }

}  // namespace

Account ToAccount(const pg::Rows& rows, std::size_t row) {
  return {.user_id = rows.Int(row, 0),
          .portfolio_id = TextAt(rows, row, 1),
          .deposit = rows.Exact<Money>(row, 2),
          .available = rows.Exact<Money>(row, 3),
          .utilized = rows.Exact<Money>(row, 4),
          .realized_pnl = rows.Exact<Money>(row, 5),
          .fee_model = TextAt(rows, row, 6),
          .slippage_model = TextAt(rows, row, 7),
          .total_trades = rows.Int(row, 8),
          .closed_trades = rows.Int(row, 9),
          .winning_trades = rows.Int(row, 10),
          .losing_trades = rows.Int(row, 11),
          .last_seq = rows.Int(row, 12),
          .created_at = rows.Time(row, 13),
          .updated_at = rows.Time(row, 14)};
}

Trade ToTrade(const pg::Rows& rows, std::size_t row) {
  Trade trade{.user_id = rows.Int(row, 0),
              .trade_id = TextAt(rows, row, 1),
              .symbol = TextAt(rows, row, 2),
              .side = ParseSide(rows.Text(row, 3)).value_or(Side::kBuy),
              .quantity = rows.Exact<Quantity>(row, 4),
              .entry_price = rows.Exact<Price>(row, 5),
              .stop_loss = rows.OptionalExact<Price>(row, 6),
              .target_price = rows.OptionalExact<Price>(row, 7),
              .status = ParseTradeStatus(rows.Text(row, 8)).value_or(TradeStatus::kClosed),
              .margin_used = rows.Exact<Money>(row, 9),
              .fees = rows.Exact<Money>(row, 10),
              .income = rows.Exact<Money>(row, 18),
              .quote_source = TextAt(rows, row, 11),
              .quote_time = rows.Time(row, 12),
              .exit_price = rows.OptionalExact<Price>(row, 13),
              .exit_reason = ParseExitReason(rows.Text(row, 14)),
              .pnl = rows.OptionalExact<Money>(row, 15),
              .created_at = rows.Time(row, 16)};
  if (!rows.IsNull(row, 17)) trade.closed_at = rows.Time(row, 17);
  return trade;
}

Order ToOrder(const pg::Rows& rows, std::size_t row) {
  return {.user_id = rows.Int(row, 0),
          .order_id = TextAt(rows, row, 1),
          .trade_id = TextAt(rows, row, 2),
          .symbol = TextAt(rows, row, 3),
          .side = ParseSide(rows.Text(row, 4)).value_or(Side::kBuy),
          .opens = rows.Bool(row, 5),
          .quantity = rows.Exact<Quantity>(row, 6),
          .price = rows.Exact<Price>(row, 7),
          .fee = rows.Exact<Money>(row, 8),
          .realized_pnl = rows.Exact<Money>(row, 9),
          .quote = {.symbol = TextAt(rows, row, 3),
                    .last = rows.Exact<Price>(row, 12),
                    .bid = rows.OptionalExact<Price>(row, 13),
                    .ask = rows.OptionalExact<Price>(row, 14),
                    .time = rows.Time(row, 11),
                    .source = TextAt(rows, row, 10)},
          .created_at = rows.Time(row, 15)};
}

}  // namespace papertape::trade_engine
