#include "services/market_data/store/pg_market_sessions.h"

#include "libs/status/status.h"

namespace papertape::market {
namespace {

MarketSession ToSession(const pg::Rows& rows, std::size_t row) {
  return {.number = rows.Int(row, 0),
          .first_day = rows.Time(row, 1),
          .last_day = rows.Time(row, 2),
          .speed = rows.Int(row, 3),
          .state = ParseSessionState(rows.Text(row, 4)).value_or(SessionState::kEnded),
          .clock = rows.Time(row, 5),
          .revision = rows.Int(row, 6)};
}

}  // namespace

absl::StatusOr<std::optional<MarketSession>> PgMarketSessions::Active() {
  std::optional<MarketSession> active;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    active.reset();
    const pg::Rows rows = transaction.Exec(
        "select number, first_day, last_day, speed, state, clock, revision from market_sessions "
        "where state <> 'ended'");
    if (!rows.empty()) active = ToSession(rows, 0);
    return absl::OkStatus();
  }));
  return active;
}

absl::StatusOr<MarketSession> PgMarketSessions::Open(const MarketSession& session) {
  MarketSession opened;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "insert into market_sessions (number, kind, first_day, last_day, speed, state, clock) "
        "select coalesce(max(number), 0) + 1, 'replay', $1::timestamptz, $2::timestamptz, $3::bigint, $4, "
        "$5::timestamptz from market_sessions on conflict do nothing "
        "returning number, first_day, last_day, speed, state, clock, revision",
        {session.first_day, session.last_day, session.speed, SessionStateName(session.state), session.clock});
    if (rows.empty()) return Error(Reason::kCONFLICT, "Another session is on; end it first.");
    opened = ToSession(rows, 0);
    return absl::OkStatus();
  }));
  return opened;
}

absl::StatusOr<MarketSession> PgMarketSessions::Change(const MarketSession& session) {
  MarketSession changed;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "update market_sessions set speed = $3, state = $4, clock = greatest(clock, $5::timestamptz), "
        "revision = revision + 1, changed_at = now() where number = $1 and revision = $2 "
        "returning number, first_day, last_day, speed, state, clock, revision",
        {session.number, session.revision, session.speed, SessionStateName(session.state), session.clock});
    if (rows.empty()) return Error(Reason::kCONFLICT, "The session was changed meanwhile; look again.");
    changed = ToSession(rows, 0);
    return absl::OkStatus();
  }));
  return changed;
}

absl::Status PgMarketSessions::Advance(std::int64_t number, Timestamp clock) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(
        "update market_sessions set clock = $2 where number = $1 and state <> 'ended' and clock < $2::timestamptz",
        {number, clock});
    return absl::OkStatus();
  });
}

}  // namespace papertape::market
