#include "services/trade_engine/store/pg_event_archive.h"

#include "libs/status/status.h"

namespace papertape::trade_engine {
namespace {

constexpr std::int64_t kAtOnce = 4'096;

}  // namespace

absl::Status PgEventArchive::ForEach(std::int64_t session, const Visit& visit) {
  std::int64_t position = 0;
  // A replay's events lie together, behind all that was before: the log is read from the first of them.
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows first =
        transaction.Exec("select coalesce(min(position), 1) - 1 from events where session = $1", {session});
    position = first.Int(0, 0);
    return absl::OkStatus();
  }));
  std::size_t found = 0;
  do {
    std::vector<StoredEvent> events;
    std::int64_t last = position;
    PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
      const pg::Rows rows = transaction.Exec(
          "select position, user_id, time, payload from events where session = $1 and position > $2 "
          "order by position limit $3",
          {session, position, kAtOnce});
      events.clear();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        last = rows.Int(i, 0);
        events.push_back({.user_id = rows.Int(i, 1), .time = rows.Time(i, 2), .payload = rows.Bytes(i, 3)});
      }
      return absl::OkStatus();
    }));
    for (const StoredEvent& event : events) PT_RETURN_IF_ERROR(visit(event));
    position = last;
    found = events.size();
  } while (found == kAtOnce);
  return absl::OkStatus();
}

}  // namespace papertape::trade_engine
