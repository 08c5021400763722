// The table `events`: the events of all accounts, each chained to the one before it in its account. It is also what the
// relay reads, so an event is written once. The newest hash of an account, its head, stands with the account.
// Not thread-safe; the journal's one writer owns it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/event_log.h"

namespace papertape::trade_engine {

// SHA-256, 32 bytes.
std::string Sha256(std::string_view bytes);
// The hash of an event behind `previous`, the hash of its account's event before or nothing.
std::string HashAfter(std::string_view previous, const LoggedEvent& event);

class PgEventLog {
 public:
  // Turns an event into the message that is kept and published.
  struct Codec {
    std::string type;  // full name of the message
    std::function<std::string(std::int64_t session, const EventView&)> encode;
  };
  explicit PgEventLog(Codec codec) : codec_(std::move(codec)) {}

  // At a take-over: forgets what it knows of heads, and gives each account that is older than the log its first event,
  // with its figures as they stand.
  void Begin(pg::Transaction& transaction);
  // Chains a batch's events and keeps them for `rows` and `HeadOf`. What it knows of heads is confirmed by `Committed`
  // alone: after a failure it may be called again.
  void Chain(pg::Transaction& transaction, std::int64_t session, const Batch& batch);
  // The chained events, for COPY into kColumns.
  pg::CopyRows& rows() { return rows_; }
  static constexpr std::string_view kColumns =
      "events (session, user_id, account_seq, time, id, type, request_id, cause, payload, hash)";
  // The head, after its chained events, of an account of the batch.
  [[nodiscard]] const std::string& HeadOf(std::int64_t user_id) const;
  // What was chained last is durable.
  void Committed();

 private:
  // Gets the heads of those accounts of the batch that are not known yet.
  void Learn(pg::Transaction& transaction, const Batch& batch);
  // Adds the event's row, and moves its account's head on.
  void Add(std::int64_t session, const EventView& view, std::string& head);

  const Codec codec_;
  std::int64_t session_ = 0;                               // whose heads these are
  std::unordered_map<std::int64_t, std::string> heads_;    // of accounts, as committed
  std::unordered_map<std::int64_t, std::string> chained_;  // those that the newest batch moved
  pg::CopyRows rows_;
};

}  // namespace papertape::trade_engine
