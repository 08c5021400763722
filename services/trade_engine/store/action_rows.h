// Corporate actions and what they did, as rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libs/pg/pool.h"
#include "services/trade_engine/domain/action_calendar.h"
#include "services/trade_engine/domain/batch.h"

namespace papertape::trade_engine {

inline constexpr std::string_view kActionColumns =
    "session, symbol, exchange, ex_date, kind, numerator, denominator, amount, revision, withdrawn, foretold, source";
CorporateAction ToAction(const pg::Rows& rows, std::size_t row);

// Those to come and those of the last weeks, of one session.
std::vector<KeptAction> LoadActions(pg::Transaction& transaction, std::int64_t session);

// Those to come, of all sessions.
std::vector<CorporateAction> LoadPending(pg::Transaction& transaction);

// What became of an action that was told.
enum class Kept : std::uint8_t { kNews, kKnown, kAppliedBefore };
// Keeps it, if it is new or of a higher revision; of one that was applied, that there is a higher revision.
Kept Keep(pg::Transaction& transaction, const CorporateAction& action);

// What a batch did by actions: the adjustments, the figures of their trades that nothing else changes, and the marks
// that the actions are done with. INTERNAL when the database has one marked already, or a higher revision of it: the
// engine loads it and decides again.
absl::Status WriteAdjustments(pg::Transaction& transaction, const Batch& batch);

// Of adjustments `a` joined with trades `t` and corporate_actions `c`.
inline constexpr std::string_view kAdjustmentColumns =
    "a.user_id, a.trade_id, a.action_id, a.account_seq, a.kind, a.numerator, a.denominator, a.per_share, a.revision, "
    "a.ex_date, a.source, t.side, a.quantity_before, a.quantity_after, a.entry_before, a.entry_after, a.stop_before, "
    "a.stop_after, a.target_before, a.target_after, a.amount, a.late, a.after_close, a.applied_at, "
    "coalesce(c.revision > a.revision, false)";
Adjustment ToAdjustment(const pg::Rows& rows, std::size_t row);

}  // namespace papertape::trade_engine
