#include <algorithm>
#include <optional>
#include <unordered_set>

#include "libs/events/events.h"
#include "libs/events/repeating_thread.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::events {
namespace {

using redis::StreamEntry;
using std::chrono::milliseconds;

constexpr milliseconds kBlock{500};  // also how long Stop may take
constexpr std::int64_t kDeadKept = 100'000;
constexpr int kPruneBatch = 5'000;
constexpr std::chrono::minutes kPruneEvery{10};

// The dependency is away; the event is not at fault.
bool IsPassing(const absl::Status& status) { return status.code() == absl::StatusCode::kUnavailable; }

// An entry with its event, if it has one.
struct Delivery {
  StreamEntry entry;
  absl::StatusOr<Event> event;
};

}  // namespace

class Consumer::Impl {
 public:
  Impl(pg::Pool& pool, redis::Client& redis, Options options, Handler handler, Committed committed)
      : pool_(pool),
        redis_(redis),
        options_(std::move(options)),
        handler_(std::move(handler)),
        committed_(std::move(committed)),
        thread_("consumer of " + options_.stream, [this] { return Step(); }) {}

  absl::StatusOr<std::size_t> ConsumeOnce(milliseconds block) {
    if (held_.empty()) {
      PT_ASSIGN_OR_RETURN(const std::vector<StreamEntry> entries, Read(block));
      for (const StreamEntry& entry : entries) held_.push_back({entry, EventOf(entry)});
    }
    return ApplyHeld();
  }

  RepeatingThread& thread() { return thread_; }

 private:
  absl::StatusOr<milliseconds> Step() {
    PT_RETURN_IF_ERROR(ConsumeOnce(kBlock).status());
    PT_RETURN_IF_ERROR(Prune());
    return milliseconds(0);
  }

  // What is ours from before, then what dead members left, then what is new.
  absl::StatusOr<std::vector<StreamEntry>> Read(milliseconds block) {
    auto entries = ReadPhase(block);
    if (entries.ok() || !MessageOf(entries.status()).starts_with("NOGROUP")) return entries;
    // Neither the stream nor the group need exist yet, and Redis may have been emptied: from the very beginning.
    const absl::Status created =
        redis_.Run({"XGROUP", "CREATE", options_.stream, options_.group, "0", "MKSTREAM"}).status();
    if (!created.ok() && !MessageOf(created).starts_with("BUSYGROUP")) return created;
    return ReadPhase(block);
  }

  absl::StatusOr<std::vector<StreamEntry>> ReadPhase(milliseconds block) {
    if (has_pending_) {
      PT_ASSIGN_OR_RETURN(std::vector<StreamEntry> pending, ReadGroup("0", milliseconds(0)));
      if (!pending.empty()) return pending;
      has_pending_ = false;
    }
    if (SystemClock().Steady() >= next_claim_) {
      PT_ASSIGN_OR_RETURN(std::vector<StreamEntry> claimed, Claim());
      if (!claimed.empty()) return claimed;
      next_claim_ = SystemClock().Steady() + options_.abandoned;
    }
    return ReadGroup(">", block);
  }

  absl::StatusOr<std::vector<StreamEntry>> ReadGroup(const char* from, milliseconds block) {
    redis::Command command{"XREADGROUP",      "GROUP", options_.group,
                           options_.consumer, "COUNT", std::to_string(options_.batch)};
    if (block.count() > 0) command.insert(command.end(), {"BLOCK", std::to_string(block.count())});
    command.insert(command.end(), {"STREAMS", options_.stream, from});
    PT_ASSIGN_OR_RETURN(const redis::Reply reply, redis_.RunBlocking(command, block));
    if (reply.array.empty() || reply.array[0].array.size() < 2) return std::vector<StreamEntry>();
    return redis::ParseEntries(reply.array[0].array[1]);
  }

  absl::StatusOr<std::vector<StreamEntry>> Claim() {
    PT_ASSIGN_OR_RETURN(
        const redis::Reply reply,
        redis_.Run({"XAUTOCLAIM", options_.stream, options_.group, options_.consumer,
                    std::to_string(options_.abandoned.count()), "0-0", "COUNT", std::to_string(options_.batch)}));
    if (reply.array.size() < 2) return std::vector<StreamEntry>();
    return redis::ParseEntries(reply.array[1]);
  }

  // Applies all that is held, together or else one by one. What is left when the database or Redis is away stays held.
  absl::StatusOr<std::size_t> ApplyHeld() {
    if (held_.empty()) return 0;
    std::size_t applied = 0;
    const bool readable = std::all_of(held_.begin(), held_.end(), [](const Delivery& d) { return d.event.ok(); });
    const absl::Status together = readable ? Apply(held_, applied) : absl::FailedPreconditionError("");
    if (IsPassing(together)) return together;
    if (together.ok()) {
      PT_RETURN_IF_ERROR(Acknowledge(held_.size()));
      return applied;
    }
    while (!held_.empty()) {
      PT_RETURN_IF_ERROR(ApplyFirst(applied));
      PT_RETURN_IF_ERROR(Acknowledge(1));
    }
    return applied;
  }

  // Tries the first held event until it is applied or buried.
  absl::Status ApplyFirst(std::size_t& applied) {
    const std::vector<Delivery> alone(held_.begin(), held_.begin() + 1);
    absl::Status status = alone[0].event.status();
    for (int attempt = 0; alone[0].event.ok() && attempt < options_.attempts; ++attempt) {
      status = Apply(alone, applied);
      if (status.ok() || IsPassing(status)) return status;
    }
    return Bury(alone[0].entry, status);
  }

  absl::Status Apply(const std::vector<Delivery>& deliveries, std::size_t& applied) {
    std::vector<Event> fresh;
    PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
      fresh.clear();
      return ApplyIn(transaction, deliveries, fresh);
    }));
    applied += fresh.size();
    if (committed_ && !fresh.empty()) committed_(fresh);
    return absl::OkStatus();
  }

  // Marks the events and hands those that are new to the handler, in order.
  absl::Status ApplyIn(pg::Transaction& transaction, const std::vector<Delivery>& deliveries,
                       std::vector<Event>& fresh) const {
    std::unordered_set<std::string> unmarked = Mark(transaction, deliveries);
    for (const Delivery& delivery : deliveries) {
      if (unmarked.erase(delivery.event->id) == 0) continue;  // applied before, or twice in this batch
      const log::Scope scope(delivery.event->request_id, "");
      PT_RETURN_IF_ERROR(handler_(transaction, *delivery.event));
      fresh.push_back(*delivery.event);
    }
    return absl::OkStatus();
  }

  // The ids that had no mark yet.
  std::unordered_set<std::string> Mark(pg::Transaction& transaction, const std::vector<Delivery>& deliveries) const {
    pg::ArrayParam ids;
    for (const Delivery& delivery : deliveries) ids.Add(delivery.event->id);
    // In one order whoever marks, so that two members with the same events wait for each other and do not deadlock.
    const pg::Rows rows = transaction.Exec(
        "insert into consumed_events (stream, event_id) select $1, id from unnest($2::text[]) as given (id) order by "
        "id "
        "on conflict do nothing returning event_id",
        {options_.stream, ids.Finish()});
    std::unordered_set<std::string> unmarked;
    for (std::size_t row = 0; row < rows.size(); ++row) unmarked.emplace(rows.Text(row, 0));
    return unmarked;
  }

  // To the dead letters, where an operator finds it with what went wrong.
  absl::Status Bury(const StreamEntry& entry, const absl::Status& error) {
    redis::Command command{"XADD", options_.stream + ".dead", "MAXLEN", "~", std::to_string(kDeadKept), "*"};
    for (const auto& [name, value] : entry.fields) command.insert(command.end(), {name, value});
    command.insert(command.end(), {"entry", entry.id, "group", options_.group, "error", error.ToString()});
    PT_RETURN_IF_ERROR(redis_.Run(command).status());
    const std::string* id = entry.Find("id");
    log::Error("an event could not be applied and went to the dead letters", {{"stream", options_.stream},
                                                                              {"entry", entry.id},
                                                                              {"event", id == nullptr ? "" : *id},
                                                                              {"error", MessageOf(error)}});
    return absl::OkStatus();
  }

  // The first `count` held events are done with. They may come again when Redis does not hear of it, without effect.
  absl::Status Acknowledge(std::size_t count) {
    redis::Command command{"XACK", options_.stream, options_.group};
    const auto done = held_.begin() + static_cast<std::ptrdiff_t>(count);
    for (auto delivery = held_.begin(); delivery != done; ++delivery) command.push_back(delivery->entry.id);
    held_.erase(held_.begin(), done);
    const absl::Status status = redis_.Run(command).status();
    if (!status.ok()) has_pending_ = true;
    return status;
  }

  // Ids sort by time, so the lowest are the oldest.
  absl::Status Prune() {
    if (SystemClock().Steady() < next_prune_) return absl::OkStatus();
    next_prune_ = SystemClock().Steady() + kPruneEvery;
    return pool_.Transact([&](pg::Transaction& transaction) {
      transaction.Exec(
          "delete from consumed_events where stream = $1 and event_id in (select event_id from consumed_events where "
          "stream = $1 order by event_id limit $2) and consumed_at < now() - interval '30 days'",
          {options_.stream, kPruneBatch});
      return absl::OkStatus();
    });
  }

  pg::Pool& pool_;
  redis::Client& redis_;
  const Options options_;
  const Handler handler_;
  const Committed committed_;
  std::vector<Delivery> held_;  // read and not yet acknowledged, in order
  bool has_pending_ = true;     // Redis may hold entries that this member read and did not acknowledge
  Instant next_claim_{};
  Instant next_prune_{};
  RepeatingThread thread_;  // last: it uses the others
};

Consumer::Consumer(pg::Pool& pool, redis::Client& redis, Options options, Handler handler, Committed committed)
    : impl_(std::make_unique<Impl>(pool, redis, std::move(options), std::move(handler), std::move(committed))) {}
Consumer::~Consumer() = default;
void Consumer::Start() { impl_->thread().Start(); }
void Consumer::Stop() { impl_->thread().Stop(); }
absl::Status Consumer::Health() const { return impl_->thread().Health(); }
absl::StatusOr<std::size_t> Consumer::ConsumeOnce(milliseconds block) { return impl_->ConsumeOnce(block); }

}  // namespace papertape::events
