// Events between services. A service writes its rows and their events in one transaction (the outbox); a relay moves
// committed events to a Redis stream; consumers apply each at least once and its effect exactly once.
// An entry of a stream has the fields id, type, user_id, time (RFC 3339), request_id and payload.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"

namespace papertape::events {

struct Event {
  std::string id;            // unique for ever; sorts by time; made by the writer
  std::string type;          // full name of the payload's proto message
  std::int64_t user_id = 0;  // whose event it is; 0: nobody's
  Timestamp time;            // when it was decided
  std::string request_id;    // of the call that caused it; empty for a trigger
  std::string payload;       // the serialized message
};

// The event of a stream's entry; INVALID_ARGUMENT when the entry lacks a field or has one that does not read.
absl::StatusOr<Event> EventOf(const redis::StreamEntry& entry);
// The XADD of an event, keeping about `stream_length` entries.
redis::Command AddCommand(std::string_view stream, std::int64_t stream_length, const Event& event);

// Appends events to the table `outbox` of the transaction's schema; they are relayed in this order. Ids are the
// writer's to keep unique: consumers apply an id once. Every service that publishes has in a migration:
//   create table outbox (position bigint generated always as identity primary key, id text not null,
//     type text not null, user_id bigint not null, time timestamptz not null, request_id text not null,
//     payload bytea not null);
//   create table outbox_relayed (position bigint primary key, relayed_at timestamptz not null);
// A service whose events are a log of its own relays from that (Relay::Options::log) and has no outbox.
// `table`: another one with the same columns.
void AppendToOutbox(pg::Transaction& transaction, const std::vector<Event>& events, std::string_view table = "outbox");

// Moves committed events to one Redis stream in the order of their positions, in pipelined batches, and writes down how
// far it has come when Redis has them: the last row of `outbox_relayed` (one row a minute, so that it is known what was
// relayed when). An event whose writer has not ended holds back those behind it. An event may be sent twice (a crash
// between the two), never lost: when Redis comes back without what it was sent, the events of the last `resend` are
// sent again. Relayed rows of the outbox are deleted after `keep`. Of several relays with the same marks one works at a
// time. Writers must commit durably (synchronous_commit). Thread-safe; `pool`, `redis` and `clock` outlive it.
class Relay {
 public:
  struct Options {
    std::string stream;                      // "events.trading"
    std::int64_t stream_length = 1'000'000;  // entries that the stream keeps, about
    std::chrono::milliseconds poll{500};     // how often to look without being notified
    std::chrono::milliseconds gather{50};    // between looks under load, so that fewer and larger batches move
    std::chrono::hours keep{24 * 7};
    std::chrono::minutes resend{60};
    std::string log = {};  // a table with the outbox's columns that is read in its place, and never pruned
    std::string marks = "outbox_relayed";  // where it is written down how far it has come
  };
  Relay(pg::Pool& pool, redis::Client& redis, const Clock& clock, Options options);
  ~Relay();  // stops
  void Start();
  void Stop();
  // There may be something to move: called after a commit. Cheap, any thread.
  void Notify();
  // OK while the thread's last step succeeded: the readiness probe.
  absl::Status Health() const;
  // Moves what is waiting, one batch; the number moved. What the thread does in a loop. One thread at a time.
  absl::StatusOr<std::size_t> MoveOnce();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Reads one stream as a member of a consumer group and applies each event in a transaction with its mark in the table
// `consumed_events`, so that a repeated event has no second effect. Every service that consumes has in a migration:
//   create table consumed_events (stream text not null, event_id text not null,
//     consumed_at timestamptz not null default now(), primary key (stream, event_id));
// An event whose handler fails `attempts` times goes to the stream "<stream>.dead" with its error and is logged; the
// others go on. Failures with code UNAVAILABLE do not count: the event waits until the database is back. Marks are kept
// for thirty days. Thread-safe; `pool` and `redis` outlive it.
class Consumer {
 public:
  // Runs inside the transaction, and again when that fails: no effect but on the database. Events come in the stream's
  // order. A batch shares one transaction; when it fails, its events are tried one by one.
  using Handler = std::function<absl::Status(pg::Transaction&, const Event&)>;
  // After the transaction committed: the events that were new. For pushing to live readers; not repeated after a crash.
  using Committed = std::function<void(const std::vector<Event>&)>;
  struct Options {
    std::string stream;
    std::string group;     // the service's name
    std::string consumer;  // unique among running processes; the same name after a restart resumes at once
    int attempts = 5;
    std::size_t batch = 64;
    std::chrono::milliseconds abandoned{30'000};  // a member that holds an event this long is dead; others take it over
  };
  Consumer(pg::Pool& pool, redis::Client& redis, Options options, Handler handler, Committed committed = {});
  ~Consumer();  // stops
  void Start();
  void Stop();
  // OK while the thread's last step succeeded: the readiness probe.
  absl::Status Health() const;
  // Reads and applies one batch, waiting up to `block` for it; the number applied. What the thread does in a loop. One
  // thread at a time.
  absl::StatusOr<std::size_t> ConsumeOnce(std::chrono::milliseconds block);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace papertape::events
