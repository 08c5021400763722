#include "services/trade_engine/store/action_rows.h"

#include <optional>
#include <set>

#include "fmt/format.h"
#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/columns.h"

namespace papertape::trade_engine {
namespace {

// Terms as three columns, of which a split fills two and a dividend one.
struct TermColumns {
  std::optional<Quantity> numerator, denominator;
  std::optional<Price> amount;
};

TermColumns ColumnsOf(const ActionTerms& terms) {
  if (const auto* const split = std::get_if<Split>(&terms)) {
    return {.numerator = split->numerator, .denominator = split->denominator, .amount = {}};
  }
  return {.numerator = {}, .denominator = {}, .amount = std::get<Dividend>(terms).amount};
}

// Of the columns kind, numerator, denominator and amount from `first` on.
ActionTerms ToTerms(const pg::Rows& rows, std::size_t row, int first) {
  if (rows.Text(row, first) == "split") {
    return Split{.numerator = rows.Exact<Quantity>(row, first + 1),
                 .denominator = rows.Exact<Quantity>(row, first + 2)};
  }
  return Dividend{rows.Exact<Price>(row, first + 3)};
}

// A trade that the same batch has opened is written whole already.
void AdjustTrades(pg::Transaction& transaction, std::int64_t session, const Batch& batch) {
  std::set<std::string_view> adjusted;
  for (const Adjustment& adjustment : batch.adjustments()) adjusted.insert(adjustment.trade_id);
  Columns<5> columns(adjusted.size());
  for (const Trade& trade : batch.trades().changed()) {
    if (!adjusted.contains(trade.trade_id)) continue;
    columns.Add(trade.user_id, trade.trade_id, trade.quantity, trade.entry_price, trade.income);
  }
  transaction.Exec(
      "update trades t set quantity = n.quantity, entry_price = n.entry_price, income = n.income "
      "from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::numeric[]) "
      "as n (user_id, trade_id, quantity, entry_price, income) "
      "where t.session = $6 and t.user_id = n.user_id and t.trade_id = n.trade_id",
      columns.FinishWith(session));
}

void AddAdjustments(pg::Transaction& transaction, std::int64_t session, const std::vector<Adjustment>& adjustments) {
  pg::CopyRows rows;
  for (const Adjustment& a : adjustments) {
    const TermColumns terms = ColumnsOf(a.terms);
    rows.Add(session, a.user_id, a.trade_id, a.action_id, a.account_seq, Name(a.terms), terms.numerator,
             terms.denominator, terms.amount, a.revision, a.ex_date, a.source, a.before.quantity, a.after.quantity,
             a.before.entry_price, a.after.entry_price, a.before.stop_loss, a.after.stop_loss, a.before.target_price,
             a.after.target_price, a.amount, a.late, a.after_close, a.applied_at);
  }
  transaction.CopyBinary(
      {{"adjustments (session, user_id, trade_id, action_id, account_seq, kind, numerator, denominator, per_share, "
        "revision, ex_date, source, quantity_before, quantity_after, entry_before, entry_after, stop_before, "
        "stop_after, target_before, target_after, amount, late, after_close, applied_at)",
        rows}});
}

absl::Status WriteMark(pg::Transaction& transaction, std::int64_t session, const ActionMark& mark) {
  const pg::Rows marked =
      mark.settled ? transaction.Exec(
                         "update corporate_actions set settled_at = $3 where session = $1 and action_id = $2 and "
                         "applied_at is not null and settled_at is null",
                         {session, mark.action_id, mark.at})
                   : transaction.Exec(
                         "update corporate_actions set applied_at = $3, applied_revision = $4 "
                         "where session = $1 and action_id = $2 and applied_at is null and revision = $4",
                         {session, mark.action_id, mark.at, mark.revision});
  if (marked.affected() == 1) return absl::OkStatus();
  log::Error("a corporate action was corrected, or done with, by somebody else", {{"action", mark.action_id}});
  return Error(Reason::kINTERNAL);
}

}  // namespace

CorporateAction ToAction(const pg::Rows& rows, std::size_t row) {
  return {.session = rows.Int(row, 0),
          .symbol = std::string(rows.Text(row, 1)),
          .exchange = std::string(rows.Text(row, 2)),
          .ex_date = rows.Time(row, 3),
          .terms = ToTerms(rows, row, 4),
          .revision = rows.Int(row, 8),
          .withdrawn = rows.Bool(row, 9),
          .foretold = rows.Bool(row, 10),
          .source = std::string(rows.Text(row, 11))};
}

std::vector<KeptAction> LoadActions(pg::Transaction& transaction, std::int64_t session) {
  const pg::Rows rows = transaction.Exec(
      fmt::format("select {}, applied_at is not null from corporate_actions where session = $1 "
                  "and (applied_at is null or told_at > now() - interval '60 days') order by begins_at, action_id",
                  kActionColumns),
      {session});
  std::vector<KeptAction> kept;
  for (std::size_t row = 0; row < rows.size(); ++row) kept.push_back({ToAction(rows, row), rows.Bool(row, 12)});
  return kept;
}

std::vector<CorporateAction> LoadPending(pg::Transaction& transaction) {
  const pg::Rows rows = transaction.Exec(fmt::format(
      "select {} from corporate_actions where applied_at is null order by begins_at, action_id", kActionColumns));
  std::vector<CorporateAction> actions;
  for (std::size_t row = 0; row < rows.size(); ++row) actions.push_back(ToAction(rows, row));
  return actions;
}

Kept Keep(pg::Transaction& transaction, const CorporateAction& action) {
  const TermColumns terms = ColumnsOf(action.terms);
  const std::string id = IdOf(action);
  const pg::Rows kept = transaction.Exec(
      fmt::format("insert into corporate_actions as known (action_id, begins_at, {}) "
                  "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
                  "on conflict (session, action_id) do update set exchange = excluded.exchange, "
                  "begins_at = excluded.begins_at, numerator = excluded.numerator, "
                  "denominator = excluded.denominator, amount = excluded.amount, revision = excluded.revision, "
                  "withdrawn = excluded.withdrawn, foretold = excluded.foretold, source = excluded.source, "
                  "told_at = now() where known.revision < excluded.revision and known.applied_at is null",
                  kActionColumns),
      {id, BeginsAt(action), action.session, action.symbol, action.exchange, action.ex_date, Name(action.terms),
       terms.numerator, terms.denominator, terms.amount, action.revision, action.withdrawn, action.foretold,
       action.source});
  if (kept.affected() == 1) return Kept::kNews;
  const pg::Rows corrected = transaction.Exec(
      "update corporate_actions set revision = $3 where session = $1 and action_id = $2 and revision < $3",
      {action.session, id, action.revision});
  return corrected.affected() == 1 ? Kept::kAppliedBefore : Kept::kKnown;
}

absl::Status WriteAdjustments(pg::Transaction& transaction, const Batch& batch) {
  const std::int64_t session = batch.tick_position().session;
  if (!batch.adjustments().empty()) {
    AdjustTrades(transaction, session, batch);
    AddAdjustments(transaction, session, batch.adjustments());
  }
  for (const ActionMark& mark : batch.action_marks()) {
    PT_RETURN_IF_ERROR(WriteMark(transaction, session, mark));
  }
  return absl::OkStatus();
}

Adjustment ToAdjustment(const pg::Rows& rows, std::size_t row) {
  const bool is_long = rows.Text(row, 11) == Name(Side::kBuy);
  return {.user_id = rows.Int(row, 0),
          .trade_id = std::string(rows.Text(row, 1)),
          .action_id = std::string(rows.Text(row, 2)),
          .account_seq = rows.Int(row, 3),
          .terms = ToTerms(rows, row, 4),
          .revision = rows.Int(row, 8),
          .ex_date = rows.Time(row, 9),
          .source = std::string(rows.Text(row, 10)),
          .before = {.is_long = is_long,
                     .quantity = rows.Exact<Quantity>(row, 12),
                     .entry_price = rows.Exact<Price>(row, 14),
                     .stop_loss = rows.OptionalExact<Price>(row, 16),
                     .target_price = rows.OptionalExact<Price>(row, 18)},
          .after = {.is_long = is_long,
                    .quantity = rows.Exact<Quantity>(row, 13),
                    .entry_price = rows.Exact<Price>(row, 15),
                    .stop_loss = rows.OptionalExact<Price>(row, 17),
                    .target_price = rows.OptionalExact<Price>(row, 19)},
          .amount = rows.Exact<Money>(row, 20),
          .late = rows.Bool(row, 21),
          .after_close = rows.Bool(row, 22),
          .applied_at = rows.Time(row, 23),
          .corrected = rows.Bool(row, 24)};
}

}  // namespace papertape::trade_engine
