// One connection to PostgreSQL with the statements prepared on it, and transactions run on it. Not thread-safe; a pool
// lends it to one thread at a time. Included by this library's .cpp files only.
#pragma once

#include <functional>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "libs/pg/pool.h"
#include "libs/pg/pqxx_errors.h"

namespace papertape::pg {

// A lost connection must surface: libpqxx would otherwise go on in a new one, without the transaction.
void ForbidReconnecting(pqxx::connection_base& connection);

// What connects, and knows the connection under libpqxx: libpqxx has no word for COPY in binary.
class Connecting : public pqxx::connect_direct {
 public:
  using connect_direct::connect_direct;
  handle do_startconnect(handle existing) override { return raw_ = connect_direct::do_startconnect(existing); }
  [[nodiscard]] handle raw() const { return raw_; }

 private:
  handle raw_ = nullptr;
};

class Connection : public pqxx::connection_base {
 public:
  explicit Connection(const std::string& connection_string) : connection_base(policy_), policy_(connection_string) {
    init();
  }
  ~Connection() noexcept { close(); }
  // After a command of as many COPY ... FROM STDIN has begun: sends the rows of each and waits for the server's word.
  void FinishCopies(const std::vector<CopyTarget>& targets);

 private:
  void SendCopy(std::string_view data);

  Connecting policy_;
};

enum class Access { kReadWrite, kReadOnly };

class Session {
 public:
  // Null with the reason in `failure` when the server cannot be reached.
  static std::unique_ptr<Session> Open(const std::string& connection_string, Failure& failure);
  explicit Session(const std::string& connection_string);

  using Work = std::function<absl::Status(Transaction&)>;
  // One try. `started` tells whether `work` was called: before that, a lost connection had no effect.
  Failure Attempt(Access access, const Work& work, bool& started);

 private:
  friend class PqxxTransaction;
  // The name of the statement prepared for `sql`; empty when too many are prepared already.
  std::string_view Prepare(std::string_view sql);
  Failure RunIn(pqxx::transaction_base& transaction, const Work& work, bool& started);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  Connection connection_;
  pqxx::quiet_errorhandler quiet_;                                                // notices do not go to stderr
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> prepared_;  // names by text
  std::string_view running_;  // the prepared text run last; a key of `prepared_`
};

}  // namespace papertape::pg
