// A publisher's and a consumer's tables, events, and streams for the tests of libs/events.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/events/events.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::events {

inline constexpr const char* kStream = "events.test";

inline std::vector<pg::Migration> EventTables() {
  return {{.version = 1,
           .name = "event_tables",
           .up = "create table outbox (position bigint generated always as identity primary key, id text not null "
                 "unique, type text not null, user_id bigint not null, time timestamptz not null, request_id text not "
                 "null, payload bytea not null);"
                 "create table outbox_relayed (position bigint primary key, relayed_at timestamptz not null);"
                 "create table consumed_events (stream text not null, event_id text not null, consumed_at timestamptz "
                 "not null default now(), primary key (stream, event_id));"
                 "create table effects (n bigint generated always as identity, event_id text not null);",
           .down = "drop table effects, consumed_events, outbox, outbox_relayed"}};
}

inline Event AnEvent(const std::string& id) {
  return {.id = id,
          .type = "papertape.test.v1.Happened",
          .user_id = 7,
          .time = FromMicrosSinceEpoch(1'767'225'600'250'001),
          .request_id = "req-" + id,
          .payload = std::string("\x00\xff", 2) + id};
}

// The handler of these tests: its effect is a row that says which event it came from.
inline absl::Status Record(pg::Transaction& transaction, const Event& event) {
  transaction.Exec("insert into effects (event_id) values ($1)", {event.id});
  return absl::OkStatus();
}

struct EventFixture {
  testing::TestDatabase database;
  testing::TestRedis redis_database;
  std::unique_ptr<pg::Pool> pool = database.Migrated("events", EventTables());
  redis::Client redis{{.url = redis_database.url()}};

  // For threads: Catch's assertions belong to the test's own.
  [[nodiscard]] absl::Status TryPublish(const std::vector<std::string>& ids) const {
    std::vector<Event> events;
    for (const std::string& id : ids) events.push_back(AnEvent(id));
    return pool->Transact([&](pg::Transaction& transaction) {
      AppendToOutbox(transaction, events);
      return absl::OkStatus();
    });
  }
  void Publish(const std::vector<std::string>& ids) const { REQUIRE_THAT(TryPublish(ids), testing::IsOk()); }

  // The ids in the stream, in its order.
  [[nodiscard]] std::string Streamed(const std::string& stream = kStream) {
    const auto entries = redis.ReadStream(stream, "0-0", 100'000, std::chrono::milliseconds(0));
    REQUIRE_THAT(entries.status(), testing::IsOk());
    std::string ids;
    for (const redis::StreamEntry& entry : *entries) {
      const std::string* id = entry.Find("id");
      ids += (ids.empty() ? "" : " ") + (id == nullptr ? "?" : *id);
    }
    return ids;
  }

  // The ids whose effects are stored, in the order of the effects.
  [[nodiscard]] std::string Effects() const {
    return database.Execute("select coalesce(string_agg(event_id, ' ' order by n), '') from events.effects");
  }

  // Entries that members have read and not acknowledged.
  [[nodiscard]] std::int64_t Pending(const std::string& group) {
    const auto summary = redis.Run({"XPENDING", kStream, group});
    REQUIRE_THAT(summary.status(), testing::IsOk());
    return summary->array.at(0).integer;
  }

  [[nodiscard]] static Consumer::Options Member(const std::string& name) {
    return {.stream = kStream, .group = "readers", .consumer = name};
  }
};

}  // namespace papertape::events
