#include "services/trade_engine/store/pg_action_archive.h"

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/action_rows.h"
#include "services/trade_engine/store/trade_rows.h"

namespace papertape::trade_engine {
namespace {

constexpr std::string_view kUnsettled =
    "select {} from corporate_actions c where session = $1 and applied_at is not null and settled_at is null "
    "order by begins_at, action_id";
constexpr std::string_view kClosedAcross =
    "select {} from trades t where session = $1 and symbol = $2 and created_at < $3 and closed_at >= $3 "
    "and exists (select from orders o join fills f using (order_id) where o.session = t.session "
    "and o.trade_id = t.trade_id and not o.opens and f.quote_time >= $3) "
    "and not exists (select from adjustments a where a.session = t.session and a.trade_id = t.trade_id "
    "and a.action_id = $4) order by trade_id";
constexpr std::string_view kAdjustments =
    "select {} from adjustments a join trades t on (t.session, t.user_id, t.trade_id) = "
    "(a.session, a.user_id, a.trade_id) "
    "left join corporate_actions c on (c.session, c.action_id) = (a.session, a.action_id) "
    "where a.session = $1 and a.user_id = $2 and a.trade_id = $3 order by a.account_seq";

// The rows of a query whose columns fill the braces, as values.
template <class Value>
absl::StatusOr<std::vector<Value>> Select(pg::Pool& pool, const std::string& sql, const std::vector<pg::Param>& params,
                                          Value (*read)(const pg::Rows&, std::size_t)) {
  std::vector<Value> values;
  PT_RETURN_IF_ERROR(pool.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(sql, params);
    values.clear();
    for (std::size_t row = 0; row < rows.size(); ++row) values.push_back(read(rows, row));
    return absl::OkStatus();
  }));
  return values;
}

}  // namespace

absl::StatusOr<std::vector<CorporateAction>> PgActionArchive::Unsettled(std::int64_t session) {
  return Select(pool_, fmt::format(fmt::runtime(kUnsettled), kActionColumns), {session}, ToAction);
}

absl::StatusOr<std::vector<Trade>> PgActionArchive::ClosedAcross(const CorporateAction& action) {
  return Select(pool_, fmt::format(fmt::runtime(kClosedAcross), kTradeColumns),
                {action.session, action.symbol, BeginsAt(action), IdOf(action)}, ToTrade);
}

absl::StatusOr<std::vector<Adjustment>> PgActionArchive::AdjustmentsOf(std::int64_t session, std::int64_t user_id,
                                                                       const std::string& trade_id) {
  return Select(pool_, fmt::format(fmt::runtime(kAdjustments), kAdjustmentColumns), {session, user_id, trade_id},
                ToAdjustment);
}

}  // namespace papertape::trade_engine
