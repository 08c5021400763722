#include "services/signal/store/pg_catalog.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::signal {
namespace {

constexpr char kTagBorder = '\x1f';  // the unit separator

std::vector<std::string> SplitTags(std::string_view joined) {
  std::vector<std::string> tags;
  while (!joined.empty()) {
    const std::size_t end = std::min(joined.find(kTagBorder), joined.size());
    tags.emplace_back(joined.substr(0, end));
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
  return tags;
}

Signal ToSignal(const pg::Rows& rows, std::size_t row) {
  return {.id = rows.Int(row, 0),
          .symbol = std::string(rows.Text(row, 1)),
          .action = ParseAction(rows.Text(row, 2)).value_or(Action::kHold),
          .confidence = rows.Double(row, 3),
          .entry_price = rows.Exact<Price>(row, 4),
          .target_price = rows.OptionalExact<Price>(row, 5),
          .stop_loss = rows.OptionalExact<Price>(row, 6),
          .source = std::string(rows.Text(row, 7)),
          .generated_at = rows.Time(row, 8)};
}

Formula ToFormula(const pg::Rows& rows, std::size_t row) {
  return {.id = rows.Int(row, 0),
          .name = std::string(rows.Text(row, 1)),
          .description = rows.OptionalText(row, 2),
          .category = rows.OptionalText(row, 3),
          .tags = SplitTags(rows.Text(row, 4)),
          .is_public = rows.Bool(row, 5),
          .author_id = rows.Int(row, 6),
          .created_at = rows.Time(row, 7)};
}

// Counts what matches `from_where`, which numbers `params`, and reads one page of it, in one snapshot.
template <class Item>
absl::StatusOr<Listing<Item>> ListPage(pg::Pool& pool, const std::string& columns, const std::string& from_where,
                                       const std::string& newest, const std::vector<pg::Param>& params,
                                       std::int64_t offset, std::int64_t size,
                                       Item (*read)(const pg::Rows&, std::size_t)) {
  Listing<Item> listing;
  std::vector<pg::Param> paged = params;
  paged.emplace_back(offset);
  paged.emplace_back(size);
  const std::string page = fmt::format("select {} {} order by {} offset ${} limit ${}", columns, from_where, newest,
                                       paged.size() - 1, paged.size());
  PT_RETURN_IF_ERROR(pool.Read([&](pg::Transaction& transaction) {
    listing = Listing<Item>();
    listing.total = transaction.Exec("select count(*) " + from_where, params).Int(0, 0);
    const pg::Rows rows = transaction.Exec(page, paged);
    for (std::size_t row = 0; row < rows.size(); ++row) listing.items.push_back(read(rows, row));
    return absl::OkStatus();
  }));
  return listing;
}

}  // namespace

absl::StatusOr<Listing<Signal>> PgCatalog::ListSignals(const SignalQuery& query) {
  const std::string action(query.action ? ActionWord(*query.action) : "");
  return ListPage<Signal>(pool_,
                          "id, symbol, action, confidence, entry_price, target_price, stop_loss, source, generated_at",
                          "from signals where ($1 = '' or symbol = $1) and ($2 = '' or action = $2)",
                          "generated_at desc, id desc", {query.symbol, action}, query.offset, query.size, ToSignal);
}

absl::StatusOr<Listing<Formula>> PgCatalog::ListFormulas(const FormulaQuery& query) {
  return ListPage<Formula>(
      pool_, "id, name, description, category, array_to_string(tags, chr(31)), is_public, author_id, created_at",
      "from formulas where (is_public or author_id = $1) and ($2 = '' or category = $2) and "
      "($3 = '' or position(lower($3) in lower(name || ' ' || coalesce(description, ''))) > 0)",
      "created_at desc, id desc", {query.reader_id, query.category, query.search}, query.offset, query.size, ToFormula);
}

}  // namespace papertape::signal
