#include "services/trade_engine/store/pg_archive.h"

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {

absl::StatusOr<Trade> PgArchive::FindTrade(std::int64_t session, std::int64_t user_id, const std::string& trade_id) {
  std::optional<Trade> trade;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        fmt::format("select {} from trades where session = $1 and user_id = $2 and trade_id = $3", kTradeColumns),
        {session, user_id, trade_id});
    if (!rows.empty()) trade = ToTrade(rows, 0);
    return absl::OkStatus();
  }));
  if (!trade) return Error(Reason::kTRADE_NOT_FOUND);
  return *trade;
}

absl::StatusOr<std::vector<Order>> PgArchive::ListOrders(std::int64_t session, std::int64_t user_id,
                                                         std::int64_t limit) {
  return Orders("where o.session = $1 and o.user_id = $2 order by o.order_id desc limit $3", {session, user_id, limit});
}

absl::StatusOr<std::vector<Order>> PgArchive::OrdersOf(std::int64_t session, std::int64_t user_id,
                                                       const std::string& trade_id) {
  return Orders("where o.session = $1 and o.user_id = $2 and o.trade_id = $3 order by o.opens desc",
                {session, user_id, trade_id});
}

absl::StatusOr<std::vector<Order>> PgArchive::Orders(const char* where, const std::vector<pg::Param>& params) {
  std::vector<Order> orders;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        fmt::format("select {} from orders o join fills f using (order_id) {}", kOrderColumns, where), params);
    orders.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) orders.push_back(ToOrder(rows, i));
    return absl::OkStatus();
  }));
  return orders;
}

}  // namespace papertape::trade_engine
