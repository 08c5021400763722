#include <algorithm>

#include "libs/events/events.h"
#include "libs/events/repeating_thread.h"
#include "libs/events/stream_id.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::events {
namespace {

using std::chrono::milliseconds;

constexpr int kBatch = 1'000;
constexpr int kPruneBatch = 5'000;
constexpr std::chrono::minutes kPruneEvery{1};
constexpr std::int64_t kStragglers = 10'000;  // positions; what commits later than so many others waits for a full look
constexpr std::chrono::seconds kFullLookEvery{30};

}  // namespace

class Relay::Impl {
 public:
  Impl(pg::Pool& pool, redis::Client& redis, const Clock& clock, Options options)
      : pool_(pool),
        redis_(redis),
        clock_(clock),
        options_(std::move(options)),
        thread_("relay of " + options_.stream, [this] { return Step(); }) {}

  absl::StatusOr<std::size_t> MoveOnce() {
    PT_RETURN_IF_ERROR(ResendWhatRedisLost());
    std::size_t moved = 0;
    PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
      moved = 0;
      if (!IsOnlyMover(transaction)) return absl::OkStatus();
      PT_ASSIGN_OR_RETURN(moved, MoveBatch(transaction));
      return absl::OkStatus();
    }));
    PT_RETURN_IF_ERROR(Prune());
    return moved;
  }

  RepeatingThread& thread() { return thread_; }

 private:
  absl::StatusOr<milliseconds> Step() {
    PT_ASSIGN_OR_RETURN(const std::size_t moved, MoveOnce());
    return moved == kBatch ? milliseconds(0) : options_.poll;
  }

  // Two movers would mix up the order. The marks need not wait for the disk: one that is lost sends its event again.
  // Plans are kept, and the first ones are made while the outbox is small: they must use its indexes all the same.
  static bool IsOnlyMover(pg::Transaction& transaction) {
    return transaction
        .Exec(
            "select pg_try_advisory_xact_lock(hashtextextended('outbox of ' || current_schema(), 0)), "
            "set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true)")
        .Bool(0, 0);
  }

  // By what is unmarked: concurrent writers commit out of order, so a position says nothing. The look begins a little
  // behind the newest mark all the same, because the index keeps what was marked until a vacuum; a straggler from
  // further back is found by the next look from the beginning. Only a mover marks, so the rows need no locks.
  absl::StatusOr<std::size_t> MoveBatch(pg::Transaction& transaction) {
    if (clock_.Steady() >= next_full_look_) {
      look_from_ = 0;
      next_full_look_ = clock_.Steady() + kFullLookEvery;
    }
    const pg::Rows rows = transaction.Exec(
        "select position, id, type, user_id, time, request_id, payload from outbox where relayed_at is null "
        "and position >= $2 order by position limit $1",
        {kBatch, look_from_});
    if (rows.empty()) return 0;
    std::vector<redis::Command> commands;
    commands.reserve(rows.size());
    pg::ArrayParam positions;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      positions.Add(rows.Int(row, 0));
      commands.push_back(AddCommand(options_.stream, options_.stream_length,
                                    {.id = std::string(rows.Text(row, 1)),
                                     .type = std::string(rows.Text(row, 2)),
                                     .user_id = rows.Int(row, 3),
                                     .time = rows.Time(row, 4),
                                     .request_id = std::string(rows.Text(row, 5)),
                                     .payload = rows.Bytes(row, 6)}));
    }
    PT_ASSIGN_OR_RETURN(const std::vector<redis::Reply> replies, redis_.Pipeline(commands));
    last_sent_ = ParseStreamId(replies.back().text);
    known_empty_ = false;
    transaction.Exec("update outbox set relayed_at = $1 where position = any($2::bigint[])",
                     {clock_.Now(), positions.Finish()});
    look_from_ = std::max<std::int64_t>(0, rows.Int(rows.size() - 1, 0) - kStragglers);
    return rows.size();
  }

  // A Redis that was emptied, or restarted from an older state, no longer has the last entry it confirmed. Consumers
  // know by the events' ids what they have applied.
  absl::Status ResendWhatRedisLost() {
    PT_ASSIGN_OR_RETURN(const redis::Reply newest, redis_.Run({"XREVRANGE", options_.stream, "+", "-", "COUNT", "1"}));
    const std::vector<redis::StreamEntry> entries = redis::ParseEntries(newest);
    const StreamId last = entries.empty() ? StreamId() : ParseStreamId(entries[0].id);
    const bool lost = entries.empty() ? !std::exchange(known_empty_, true) : last < last_sent_;
    if (!entries.empty()) known_empty_ = false;
    if (!lost) return absl::OkStatus();
    std::int64_t again = 0;
    PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
      again = transaction
                  .Exec("update outbox set relayed_at = null where relayed_at >= $1", {clock_.Now() - options_.resend})
                  .affected();
      return absl::OkStatus();
    }));
    last_sent_ = {};
    next_full_look_ = {};
    if (again > 0) log::Warning("Redis lost events; sending again", {{"stream", options_.stream}, {"events", again}});
    return absl::OkStatus();
  }

  // Looks at the oldest rows only: the table may be large, and the oldest were relayed first.
  absl::Status Prune() {
    if (clock_.Steady() < next_prune_) return absl::OkStatus();
    std::int64_t deleted = 0;
    PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
      deleted = transaction
                    .Exec(
                        "delete from outbox where position in (select position from (select position, relayed_at "
                        "from outbox order by position limit $1) as oldest where relayed_at < $2)",
                        {kPruneBatch, clock_.Now() - options_.keep})
                    .affected();
      return absl::OkStatus();
    }));
    if (deleted < kPruneBatch) next_prune_ = clock_.Steady() + kPruneEvery;
    return absl::OkStatus();
  }

  pg::Pool& pool_;
  redis::Client& redis_;
  const Clock& clock_;
  const Options options_;
  StreamId last_sent_;          // the newest entry that Redis confirmed to this process
  bool known_empty_ = false;    // the stream was seen empty, and what it lost was sent again
  std::int64_t look_from_ = 0;  // position at which the next look begins
  Instant next_full_look_{};
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
