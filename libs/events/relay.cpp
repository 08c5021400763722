#include <set>
#include <string>

#include "libs/events/events.h"
#include "libs/events/repeating_thread.h"
#include "libs/events/stream_id.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::events {
namespace {

using std::chrono::milliseconds;

constexpr int kBatch = 1'000;
constexpr std::size_t kLoad = 50;  // events at once that tell of load
constexpr int kPruneBatch = 5'000;
constexpr std::chrono::minutes kPruneEvery{1};

}  // namespace

class Relay::Impl {
 public:
  Impl(pg::Pool& pool, redis::Client& redis, const Clock& clock, Options options)
      : pool_(pool),
        redis_(redis),
        clock_(clock),
        options_(std::move(options)),
        table_(options_.log.empty() ? "outbox" : options_.log),
        thread_("relay of " + options_.stream, [this] { return Step(); }) {}

  absl::StatusOr<std::size_t> MoveOnce() {
    const InRedis known = in_redis_;
    std::size_t moved = 0;
    const absl::Status committed = pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
      in_redis_ = known;
      moved = 0;
      if (!IsOnlyMover(transaction)) return absl::OkStatus();
      PT_RETURN_IF_ERROR(GoBackToWhatRedisHas(transaction));
      PT_ASSIGN_OR_RETURN(moved, MoveBatch(transaction));
      return absl::OkStatus();
    });
    if (!committed.ok()) in_redis_ = known;
    PT_RETURN_IF_ERROR(committed);
    PT_RETURN_IF_ERROR(Prune());
    return moved;
  }

  RepeatingThread& thread() { return thread_; }

 private:
  absl::StatusOr<RepeatingThread::Rest> Step() {
    PT_ASSIGN_OR_RETURN(const std::size_t moved, MoveOnce());
    if (moved == kBatch) return milliseconds(0);
    if (moved >= kLoad) return RepeatingThread::Rest(options_.gather, false);
    return options_.poll;
  }

  // Two movers would mix up the order. The mark need not wait for the disk: one that is lost sends its events again.
  // Plans are kept, and the first ones are made while the outbox is small: they must use its index all the same.
  bool IsOnlyMover(pg::Transaction& transaction) const {
    return transaction
        .Exec(
            "select pg_try_advisory_xact_lock(hashtextextended($1 || ' of ' || current_schema(), 0)), "
            "set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true)",
            {options_.marks})
        .Bool(0, 0);
  }

  absl::StatusOr<std::size_t> MoveBatch(pg::Transaction& transaction) {
    const pg::Rows mark = transaction.Exec("select coalesce(max(position), 0) from " + options_.marks);
    const std::int64_t relayed = mark.Int(0, 0);
    const auto [rows, count] = ReadSettled(transaction, relayed);
    if (count == 0) return 0;
    std::vector<redis::Command> commands;
    commands.reserve(count);
    for (std::size_t row = 0; row < count; ++row) {
      commands.push_back(AddCommand(options_.stream, options_.stream_length,
                                    {.id = std::string(rows.Text(row, 1)),
                                     .type = std::string(rows.Text(row, 2)),
                                     .user_id = rows.Int(row, 3),
                                     .time = rows.Time(row, 4),
                                     .request_id = std::string(rows.Text(row, 5)),
                                     .payload = rows.Bytes(row, 6)}));
    }
    PT_ASSIGN_OR_RETURN(const std::vector<redis::Reply> replies, redis_.Pipeline(commands));
    in_redis_ = {.last_sent = ParseStreamId(replies.back().text)};
    Mark(transaction, relayed, rows.Int(count - 1, 0));
    return count;
  }

  // Moves the mark on within its minute, or begins the next minute's.
  void Mark(pg::Transaction& transaction, std::int64_t from, std::int64_t to) {
    const Timestamp now = clock_.Now();
    const pg::Rows moved = transaction.Exec(
        "update " + options_.marks +
            " set position = $2, relayed_at = $3 where position = $1 and date_trunc('minute', relayed_at) = "
            "date_trunc('minute', $3::timestamptz)",
        {from, to, now});
    if (moved.affected() == 0) transaction.Exec("insert into " + options_.marks + " values ($1, $2)", {to, now});
  }

  struct Settled {
    pg::Rows rows;
    std::size_t count;  // of them, from the first
  };

  // The events after `relayed` that nothing can come before any more. Positions are given out before they commit: one
  // that is missing belongs to a writer that has not ended, or to one that was rolled back.
  Settled ReadSettled(pg::Transaction& transaction, std::int64_t relayed) {
    while (true) {
      pg::Rows rows = transaction.Exec("select position, id, type, user_id, time, request_id, payload from " + table_ +
                                           " where position > $1 order by position limit $2",
                                       {relayed, kBatch});
      std::size_t count = 0;
      for (std::int64_t last = relayed; count < rows.size(); ++count) {
        const std::int64_t position = rows.Int(count, 0);
        if (position != last + 1 && position > settled_) break;
        last = position;
      }
      if (count == rows.size() || !WritersEnded(transaction, rows.Int(rows.size() - 1, 0))) return {rows, count};
    }
  }

  // Whether every writer that may hold a position before `seen` has ended: then `settled_` is what was seen when they
  // were first looked for, and what is missing after another look is missing for good. A writer holds its lock on the
  // table from before it takes a position until after others can see its rows.
  bool WritersEnded(pg::Transaction& transaction, std::int64_t seen) {
    const pg::Rows rows = transaction.Exec(
        "select distinct virtualtransaction from pg_locks where locktype = 'relation' and granted "
        "and mode = 'RowExclusiveLock' and relation = $1::regclass "
        "and database = (select oid from pg_database where datname = current_database())",
        {table_});
    std::set<std::string> writers;
    for (std::size_t row = 0; row < rows.size(); ++row) writers.emplace(rows.Text(row, 0));
    if (awaited_.empty()) {
      awaited_ = std::move(writers);
      awaited_position_ = seen;
    } else {
      std::erase_if(awaited_, [&](const std::string& writer) { return !writers.contains(writer); });
    }
    if (!awaited_.empty()) return false;
    settled_ = awaited_position_;
    return true;
  }

  // A Redis that was emptied, or restarted from an older state, no longer has the last entry it confirmed. Consumers
  // know by the events' ids what they have applied.
  absl::Status GoBackToWhatRedisHas(pg::Transaction& transaction) {
    PT_ASSIGN_OR_RETURN(const redis::Reply newest, redis_.Run({"XREVRANGE", options_.stream, "+", "-", "COUNT", "1"}));
    const std::vector<redis::StreamEntry> entries = redis::ParseEntries(newest);
    const StreamId last = entries.empty() ? StreamId() : ParseStreamId(entries[0].id);
    const bool lost = entries.empty() ? !in_redis_.known_empty : last < in_redis_.last_sent;
    if (!lost) return absl::OkStatus();
    const pg::Rows rows =
        transaction.Exec("with old as (select coalesce(max(position), 0) as position from " + options_.marks +
                             " where relayed_at < $1), again as (delete from " + options_.marks +
                             " r using old where r.position > old.position returning r.position) "
                             "select (select position from old), (select count(*) from again)",
                         {clock_.Now() - options_.resend});
    if (rows.Int(0, 1) > 0) {
      log::Warning("Redis lost events; sending again",
                   {{"stream", options_.stream}, {"after_position", rows.Int(0, 0)}});
    }
    in_redis_ = {.known_empty = entries.empty()};
    return absl::OkStatus();
  }

  // Looks at the oldest rows only: the table may be large. Of the marks, the newest stays whatever its age.
  absl::Status Prune() {
    if (clock_.Steady() < next_prune_) return absl::OkStatus();
    std::int64_t deleted = 0;
    PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
      const pg::Rows mark =
          transaction.Exec("select coalesce(max(position), 0) from " + options_.marks + " where relayed_at < $1",
                           {clock_.Now() - options_.keep});
      const std::int64_t old = mark.Int(0, 0);
      if (options_.log.empty()) {
        deleted = transaction
                      .Exec(
                          "delete from outbox where position in (select position from outbox where position <= $1 "
                          "order by position limit $2)",
                          {old, kPruneBatch})
                      .affected();
      }
      transaction.Exec("delete from " + options_.marks + " where position < $1", {old});
      return absl::OkStatus();
    }));
    if (deleted < kPruneBatch) next_prune_ = clock_.Steady() + kPruneEvery;
    return absl::OkStatus();
  }

  pg::Pool& pool_;
  redis::Client& redis_;
  const Clock& clock_;
  const Options options_;
  const std::string table_;  // where the events are
  struct InRedis {
    StreamId last_sent;        // the newest entry that Redis confirmed to this process
    bool known_empty = false;  // the stream was seen empty, and what it lost was sent again
  };
  InRedis in_redis_;
  std::int64_t settled_ = 0;       // no writer under way has a position up to this one
  std::set<std::string> awaited_;  // writers to end before `awaited_position_` is settled
  std::int64_t awaited_position_ = 0;
  Instant next_prune_{};
  RepeatingThread thread_;  // last: it uses the others
};

Relay::Relay(pg::Pool& pool, redis::Client& redis, const Clock& clock, Options options)
    : impl_(std::make_unique<Impl>(pool, redis, clock, std::move(options))) {}
Relay::~Relay() = default;
void Relay::Start() { impl_->thread().Start(); }
void Relay::Stop() { impl_->thread().Stop(); }
absl::Status Relay::Health() const { return impl_->thread().Health(); }
void Relay::Notify() { impl_->thread().Wake(); }
absl::StatusOr<std::size_t> Relay::MoveOnce() { return impl_->MoveOnce(); }

}  // namespace papertape::events
