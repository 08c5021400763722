// Looking after the books: checking that nobody has changed the event log, and that every table says what the log says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/row_difference.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// An account of a session of the market.
struct AccountKey {
  std::int64_t session = 0;
  std::int64_t user_id = 0;
  auto operator<=>(const AccountKey&) const = default;
};

// An event of an account and its hash; number 0: before the first.
struct LogPlace {
  AccountKey account;
  std::int64_t account_seq = 0;
  std::string hash;  // 32 bytes
};

struct LogFault {
  AccountKey account;
  std::int64_t account_seq = 0;
  std::string problem;  // "is missing", as an end of "event 3 of account 7 ..."
};

// What a stretch of the log is, account by account.
struct LogFinding {
  std::int64_t checked = 0;       // events found good
  LogPlace last;                  // the last of them: go on behind it
  std::vector<LogPlace> heads;    // of the accounts whose end was reached
  std::optional<LogFault> fault;  // the first; nothing behind it was looked at
  bool at_end = false;
};

// What the tables say beside what the log says.
struct BooksFinding {
  std::int64_t events = 0;                 // replayed
  std::int64_t accounts = 0;               // compared
  std::int64_t rows = 0;                   // compared
  AccountKey last;                         // go on behind it
  std::vector<RowDifference> differences;  // of the accounts looked at
  bool at_end = false;
};

// Thread-safe. Reads go on beside a working engine, each call in a snapshot of its own.
class Ledger {
 public:
  virtual ~Ledger() = default;
  // Checks about `size` events behind `after`, and that the figures of the accounts that end there are the sums of
  // their entries.
  virtual absl::StatusOr<LogFinding> Check(const LogPlace& after, std::int64_t size) = 0;
  // Those of `places` that the log does not hold.
  virtual absl::StatusOr<std::vector<LogPlace>> Missing(const std::vector<LogPlace>& places) = 0;
  // Replays the accounts behind `after`, about `size` events, and compares every row that they make with what is
  // stored.
  virtual absl::StatusOr<BooksFinding> Compare(const AccountKey& after, std::int64_t size) = 0;
  // Makes the rows of these accounts again from the log, all or none, and takes the books away from the engine at work:
  // it ends, and the next one loads what is right. Refused where the log itself is broken.
  virtual absl::Status Repair(const std::vector<AccountKey>& accounts) = 0;
  // An account's transfers, oldest first, behind the one of that event and line.
  virtual absl::StatusOr<std::vector<Transfer>> Statement(const AccountKey& account, std::int64_t after_seq,
                                                          std::int64_t after_line, std::int64_t size) = 0;
};

}  // namespace papertape::trade_engine
