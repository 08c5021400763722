#include "services/market_data/store/pg_instrument_store.h"

#include <string>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::string_view kSelect =
    "select symbol, name, exchange, sector, industry, currency, is_index, active from instruments";

Instrument ToInstrument(const pg::Rows& rows, std::size_t row) {
  return {.symbol = std::string(rows.Text(row, 0)),
          .name = std::string(rows.Text(row, 1)),
          .exchange = std::string(rows.Text(row, 2)),
          .sector = std::string(rows.Text(row, 3)),
          .industry = std::string(rows.Text(row, 4)),
          .currency = std::string(rows.Text(row, 5)),
          .is_index = rows.Bool(row, 6),
          .active = rows.Bool(row, 7)};
}

std::vector<Instrument> ToInstruments(const pg::Rows& rows) {
  std::vector<Instrument> instruments;
  instruments.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) instruments.push_back(ToInstrument(rows, row));
  return instruments;
}

}  // namespace

absl::StatusOr<std::vector<Instrument>> PgInstrumentStore::All() {
  std::vector<Instrument> instruments;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    instruments = ToInstruments(transaction.Exec(std::string(kSelect) + " order by symbol"));
    return absl::OkStatus();
  }));
  return instruments;
}

absl::StatusOr<std::vector<Simulation>> PgInstrumentStore::Simulations() {
  constexpr double kBasisPoints = 10'000;
  std::vector<Simulation> simulations;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "select s.symbol, i.is_index, s.base_price, s.tick_size, s.daily_volatility_bps from simulations s "
        "join instruments i on i.symbol = s.symbol where i.active order by s.symbol");
    simulations.clear();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      simulations.push_back({.symbol = std::string(rows.Text(row, 0)),
                             .is_index = rows.Bool(row, 1),
                             .base_price = rows.Exact<Price>(row, 2),
                             .tick_size = rows.Exact<Price>(row, 3),
                             .daily_volatility = static_cast<double>(rows.Int(row, 4)) / kBasisPoints});
    }
    return absl::OkStatus();
  }));
  return simulations;
}

absl::StatusOr<InstrumentPage> PgInstrumentStore::List(const InstrumentFilter& filter) {
  // position(), not LIKE: the search is text, and its % and _ mean themselves.
  constexpr std::string_view kWhere =
      " where ($1::text = '' or position(upper($1) in upper(symbol)) > 0 or position(upper($1) in upper(name)) > 0)"
      " and ($2::text = '' or sector = $2) and ($3::text = '' or exchange = $3)";
  InstrumentPage page;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    page.instruments = ToInstruments(
        transaction.Exec(std::string(kSelect) + std::string(kWhere) + " order by symbol offset $4 limit $5",
                         {filter.search, filter.sector, filter.exchange, filter.offset, filter.limit}));
    page.total = transaction
                     .Exec("select count(*) from instruments" + std::string(kWhere),
                           {filter.search, filter.sector, filter.exchange})
                     .Int(0, 0);
    return absl::OkStatus();
  }));
  return page;
}

}  // namespace papertape::market
