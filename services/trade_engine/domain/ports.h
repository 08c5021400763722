// What the engine needs of the outside world.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/batch.h"
#include "services/trade_engine/domain/book.h"

namespace papertape::trade_engine {

// Where decisions become durable. One writer: loading takes the ledger over from any older writer, whose next commit
// fails. Each session of the market has books of its own; those of one are open at a time.
class Journal {
 public:
  virtual ~Journal() = default;
  // Loads the books that were open last.
  virtual absl::StatusOr<Snapshot> TakeOver() = 0;
  // Closes them and opens those of the session that `position` names, which is read on from there. ABORTED when another
  // writer has taken over. After any other error it is unknown which are open: take over.
  virtual absl::StatusOr<Snapshot> TurnTo(const TapePosition& position) = 0;
  // All of the batch or nothing. ABORTED when another writer has taken over. After any other error the outcome is
  // unknown: take over again.
  virtual absl::Status Commit(const Batch& batch) = 0;
};

// Committed trades and orders of one session, closed ones included.
class Archive {
 public:
  virtual ~Archive() = default;
  // TRADE_NOT_FOUND when the user has no such trade.
  virtual absl::StatusOr<Trade> FindTrade(std::int64_t session, std::int64_t user_id, const std::string& trade_id) = 0;
  virtual absl::StatusOr<std::vector<Order>> ListOrders(std::int64_t session, std::int64_t user_id,
                                                        std::int64_t limit) = 0;
  // Those of one trade, the opening one first.
  virtual absl::StatusOr<std::vector<Order>> OrdersOf(std::int64_t session, std::int64_t user_id,
                                                      const std::string& trade_id) = 0;
};

// One event as it was committed.
struct StoredEvent {
  std::int64_t user_id = 0;
  Timestamp time;       // the market's
  std::string payload;  // the message that was published
};

// Committed events.
class EventArchive {
 public:
  using Visit = std::function<absl::Status(const StoredEvent&)>;
  virtual ~EventArchive() = default;
  // All of a session, in the order of their commits, until one visit fails.
  virtual absl::Status ForEach(std::int64_t session, const Visit& visit) = 0;
};

// Asks the market for one quote. UNKNOWN_SYMBOL when there is no such instrument. Blocks.
class QuoteSource {
 public:
  virtual ~QuoteSource() = default;
  virtual absl::StatusOr<Quote> Ask(const std::string& symbol, Instant deadline) = 0;
};

}  // namespace papertape::trade_engine
