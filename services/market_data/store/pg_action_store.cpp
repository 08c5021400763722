#include "services/market_data/store/pg_action_store.h"

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::string_view kList =
    "select a.ex_date, a.kind, a.numerator, a.denominator, a.amount, "
    "(select b.close from bars b where b.symbol = a.symbol and b.span = '1d' and b.time < a.ex_date "
    "order by b.time desc limit 1) "
    "from corporate_actions a where a.symbol = $1 order by a.ex_date, a.kind desc";
constexpr std::string_view kWrite =
    "insert into corporate_actions as known (symbol, ex_date, kind, numerator, denominator, amount, source) "
    "values ($1, $2, $3, $4, $5, $6, $7) on conflict (symbol, ex_date, kind) do update set "
    "numerator = excluded.numerator, denominator = excluded.denominator, amount = excluded.amount, "
    "source = excluded.source, recorded_at = now() "
    "where (known.numerator, known.denominator, known.amount) "
    "is distinct from (excluded.numerator, excluded.denominator, excluded.amount)";
constexpr std::string_view kNext =
    "select i.symbol, i.name, i.exchange, i.currency from instruments i "
    "left join corporate_actions_asked a on a.symbol = i.symbol "
    "where i.active and not i.is_index and (a.asked_at is null or a.asked_at < $1) "
    "order by a.asked_at nulls first, i.symbol limit 1";

}  // namespace

absl::StatusOr<std::vector<KnownAction>> PgActionStore::List(const std::string& symbol) {
  std::vector<KnownAction> actions;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(kList, {symbol});
    actions.clear();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      KnownAction known{.action = {.symbol = symbol, .ex_date = rows.Time(row, 0)},
                        .close_before = rows.OptionalExact<Price>(row, 5)};
      if (rows.Text(row, 1) == "split") {
        known.action.what =
            Split{.numerator = rows.Exact<Quantity>(row, 2), .denominator = rows.Exact<Quantity>(row, 3)};
      } else {
        known.action.what = Dividend{rows.Exact<Price>(row, 4)};
      }
      actions.push_back(std::move(known));
    }
    return absl::OkStatus();
  }));
  return actions;
}

absl::StatusOr<std::int64_t> PgActionStore::Write(const std::string& symbol,
                                                  const std::vector<CorporateAction>& actions,
                                                  const std::string& source) {
  std::int64_t changed = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    changed = 0;
    for (const CorporateAction& action : actions) {
      std::optional<Quantity> numerator;
      std::optional<Quantity> denominator;
      std::optional<Price> amount;
      const auto* const split = std::get_if<Split>(&action.what);
      if (split != nullptr) {
        numerator = split->numerator;
        denominator = split->denominator;
      } else {
        amount = std::get<Dividend>(action.what).amount;
      }
      changed += transaction
                     .Exec(kWrite, {symbol, action.ex_date, split != nullptr ? "split" : "dividend", numerator,
                                    denominator, amount, source})
                     .affected();
    }
    return absl::OkStatus();
  }));
  return changed;
}

absl::StatusOr<std::optional<Instrument>> PgActionStore::NextToAsk(Timestamp before) {
  std::optional<Instrument> next;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(kNext, {before});
    next.reset();
    if (rows.empty()) return absl::OkStatus();
    next = Instrument{.symbol = std::string(rows.Text(0, 0)),
                      .name = std::string(rows.Text(0, 1)),
                      .exchange = std::string(rows.Text(0, 2)),
                      .currency = std::string(rows.Text(0, 3))};
    return absl::OkStatus();
  }));
  return next;
}

absl::Status PgActionStore::MarkAsked(const std::string& symbol, Timestamp at) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(
        "insert into corporate_actions_asked (symbol, asked_at) values ($1, $2) "
        "on conflict (symbol) do update set asked_at = excluded.asked_at",
        {symbol, at});
    return absl::OkStatus();
  });
}

}  // namespace papertape::market
