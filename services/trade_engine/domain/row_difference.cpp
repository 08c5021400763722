#include "services/trade_engine/domain/row_difference.h"

#include <algorithm>

#include "fmt/format.h"

namespace papertape::trade_engine {
namespace {

template <class T>
std::string Text(const std::optional<T>& value) {
  return value ? Format(*value) : "null";
}

std::string Text(const std::optional<Timestamp>& time) { return time ? FormatRfc3339(*time) : "null"; }

std::string Text(bool value) { return value ? "true" : "false"; }

void AddWhole(RowDifference difference, const DescribedRow& row, bool is_stored, std::vector<RowDifference>& out) {
  difference.key = row.key;
  (is_stored ? difference.stored : difference.logged) = "a row";
  out.push_back(std::move(difference));
}

}  // namespace

DescribedRow Describe(const Account& a) {
  return {.key = a.portfolio_id,
          .columns = {{"deposit", Format(a.deposit)},
                      {"available", Format(a.available)},
                      {"utilized", Format(a.utilized)},
                      {"realized_pnl", Format(a.realized_pnl)},
                      {"fee_model", a.fee_model},
                      {"slippage_model", a.slippage_model},
                      {"total_trades", std::to_string(a.total_trades)},
                      {"closed_trades", std::to_string(a.closed_trades)},
                      {"winning_trades", std::to_string(a.winning_trades)},
                      {"losing_trades", std::to_string(a.losing_trades)},
                      {"last_seq", std::to_string(a.last_seq)},
                      {"created_at", FormatRfc3339(a.created_at)},
                      {"updated_at", FormatRfc3339(a.updated_at)}}};
}

DescribedRow Describe(const Trade& t) {
  return {.key = t.trade_id,
          .columns = {{"symbol", t.symbol},
                      {"side", std::string(Name(t.side))},
                      {"quantity", Format(t.quantity)},
                      {"entry_price", Format(t.entry_price)},
                      {"stop_loss", Text(t.stop_loss)},
                      {"target_price", Text(t.target_price)},
                      {"status", std::string(Name(t.status))},
                      {"margin_used", Format(t.margin_used)},
                      {"fees", Format(t.fees)},
                      {"income", Format(t.income)},
                      {"quote_source", t.quote_source},
                      {"quote_time", FormatRfc3339(t.quote_time)},
                      {"exit_price", Text(t.exit_price)},
                      {"exit_reason", t.exit_reason ? std::string(Name(*t.exit_reason)) : "null"},
                      {"pnl", Text(t.pnl)},
                      {"created_at", FormatRfc3339(t.created_at)},
                      {"closed_at", Text(t.closed_at)}}};
}

DescribedRow Describe(const Order& o) {
  return {.key = o.order_id,
          .columns = {{"trade_id", o.trade_id},
                      {"symbol", o.symbol},
                      {"side", std::string(Name(o.side))},
                      {"opens", Text(o.opens)},
                      {"quantity", Format(o.quantity)},
                      {"realized_pnl", Format(o.realized_pnl)},
                      {"created_at", FormatRfc3339(o.created_at)},
                      {"price", Format(o.price)},
                      {"fee", Format(o.fee)},
                      {"quote_source", o.quote.source},
                      {"quote_time", FormatRfc3339(o.quote.time)},
                      {"quote_last", Format(o.quote.last)},
                      {"quote_bid", Text(o.quote.bid)},
                      {"quote_ask", Text(o.quote.ask)}}};
}

DescribedRow Describe(const Transfer& t) {
  return {.key = fmt::format("{}.{}", t.account_seq, t.line),
          .columns = {{"from_book", std::string(Name(t.from))},
                      {"to_book", std::string(Name(t.to))},
                      {"amount", Format(t.amount)},
                      {"trade_id", t.trade_id},
                      {"created_at", FormatRfc3339(t.created_at)}}};
}

void CompareRows(const RowDifference& where, std::vector<DescribedRow> stored, std::vector<DescribedRow> logged,
                 std::vector<RowDifference>& out) {
  const auto by_key = [](const DescribedRow& a, const DescribedRow& b) { return a.key < b.key; };
  std::sort(stored.begin(), stored.end(), by_key);
  std::sort(logged.begin(), logged.end(), by_key);
  auto left = stored.begin();
  auto right = logged.begin();
  while (left != stored.end() || right != logged.end()) {
    if (right == logged.end() || (left != stored.end() && left->key < right->key)) {
      AddWhole(where, *left++, true, out);
      continue;
    }
    if (left == stored.end() || right->key < left->key) {
      AddWhole(where, *right++, false, out);
      continue;
    }
    for (std::size_t i = 0; i < left->columns.size(); ++i) {
      if (left->columns[i].second == right->columns[i].second) continue;
      RowDifference difference = where;
      difference.key = left->key;
      difference.column = left->columns[i].first;
      difference.stored = left->columns[i].second;
      difference.logged = right->columns[i].second;
      out.push_back(std::move(difference));
    }
    ++left;
    ++right;
  }
}

}  // namespace papertape::trade_engine
