#include "services/trade_engine/store/excursion_rows.h"

#include <map>

#include "services/trade_engine/store/columns.h"

namespace papertape::trade_engine {
namespace {

void WriteClosed(pg::Transaction& transaction, std::int64_t session, const std::vector<ClosedWay>& ways) {
  Columns<5> columns(ways.size());
  for (const ClosedWay& way : ways) {
    columns.Add(way.user_id, way.trade_id, way.excursion.adverse, way.excursion.favorable,
                std::string_view(way.excursion.gap ? "t" : "f"));
  }
  transaction.Exec(
      "insert into trade_excursions (session, user_id, trade_id, adverse, favorable, gap) "
      "select $6::bigint, n.* from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::boolean[]) as n",
      columns.FinishWith(session));
}

void AddSteps(const std::string& symbol, std::string_view side, const std::vector<ExtremeStep>& steps,
              Columns<4>& columns) {
  for (const ExtremeStep& step : steps) columns.Add(symbol, side, step.first_trade_id, step.price);
}

void WriteExtremes(pg::Transaction& transaction, const TapePosition& position, const ExtremesChange& change) {
  const std::int64_t session = position.session;
  transaction.Exec(
      "insert into excursion_state (session, tick_position, newest_trade_id, gap_trade_id) values ($1, $2, $3, $4) "
      "on conflict (session) do update set tick_position = excluded.tick_position, "
      "newest_trade_id = excluded.newest_trade_id, gap_trade_id = excluded.gap_trade_id",
      {session, position.entry, change.newest_trade_id, change.gap_trade_id});
  if (change.symbols.empty()) return;
  pg::ArrayParam symbols;
  Columns<4> columns(change.symbols.size());
  bool has_steps = false;
  for (const SymbolExtremes& extremes : change.symbols) {
    symbols.Add(extremes.symbol);
    AddSteps(extremes.symbol, "high", extremes.highs, columns);
    AddSteps(extremes.symbol, "low", extremes.lows, columns);
    has_steps = has_steps || !extremes.highs.empty();
  }
  transaction.Exec("delete from price_extremes where session = $1 and symbol = any($2::text[])",
                   {session, symbols.Finish()});
  if (!has_steps) return;
  transaction.Exec(
      "insert into price_extremes (session, symbol, side, first_trade_id, price) "
      "select $5::bigint, n.* from unnest($1::text[], $2::text[], $3::text[], $4::numeric[]) as n",
      columns.FinishWith(session));
}

}  // namespace

KeptExtremes LoadExtremes(pg::Transaction& transaction, std::int64_t session) {
  KeptExtremes kept;
  const pg::Rows state = transaction.Exec(
      "select tick_position, newest_trade_id, gap_trade_id from excursion_state where session = $1", {session});
  if (state.empty()) return kept;
  kept.position = std::string(state.Text(0, 0));
  kept.newest_trade_id = std::string(state.Text(0, 1));
  kept.gap_trade_id = std::string(state.Text(0, 2));
  std::map<std::string, SymbolExtremes> symbols;
  const pg::Rows rows = transaction.Exec(
      "select symbol, side, first_trade_id, price from price_extremes where session = $1 order by first_trade_id",
      {session});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SymbolExtremes& extremes = symbols[std::string(rows.Text(i, 0))];
    (rows.Text(i, 1) == "high" ? extremes.highs : extremes.lows)
        .push_back({std::string(rows.Text(i, 2)), rows.Exact<Price>(i, 3)});
  }
  for (auto& [symbol, extremes] : symbols) {
    extremes.symbol = symbol;
    kept.symbols.push_back(std::move(extremes));
  }
  return kept;
}

void WriteExcursions(pg::Transaction& transaction, const Batch& batch) {
  const TapePosition& position = batch.tick_position();
  if (!batch.closed_ways().empty()) WriteClosed(transaction, position.session, batch.closed_ways());
  if (batch.extremes()) WriteExtremes(transaction, position, *batch.extremes());
}

}  // namespace papertape::trade_engine
