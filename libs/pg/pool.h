// PostgreSQL: a bounded pool of connections and transactions that retry what may be retried. libpqxx and its exceptions
// stay behind this library: store code sees Transaction, Rows and absl::Status. Thread-safe unless said otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/money/money.h"
#include "libs/pg/copy_rows.h"

namespace papertape::pg {

// One parameter of a statement, as text; null where absent. Built implicitly from what stores hold.
class Param {
 public:
  Param(std::nullopt_t) {}
  Param(std::string_view text) : text_(text) {}
  Param(const std::string& text) : text_(text) {}
  Param(std::string&& text) : text_(std::move(text)) {}
  Param(const char* text) : text_(text) {}
  Param(std::int64_t value) : text_(std::to_string(value)) {}
  Param(int value) : text_(std::to_string(value)) {}
  Param(bool value) : text_(value ? "t" : "f") {}
  Param(double value);     // shortest text that reads back the same
  Param(Timestamp value);  // timestamptz, to the microsecond
  template <class Tag>
  Param(Micros<Tag> value) : text_(Format(value)) {}  // numeric
  template <class T>
  Param(const std::optional<T>& value) : text_(value ? Param(*value).text_ : std::nullopt) {}
  // A bytea, in hexadecimal.
  static Param Bytes(std::string_view bytes);

  [[nodiscard]] const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
};

// A column of values for `unnest($1::type[])`: batches go to the server as one array a column. Not thread-safe.
class ArrayParam {
 public:
  void Reserve(std::size_t count, std::size_t bytes_each);
  // Whatever a Param can be made of; the usual types are written in place.
  template <class T>
  void Add(const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      AddText(value);
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      AddInt(value);
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      AddTime(value);
    } else {
      AddParam(value);
    }
  }
  template <class Tag>
  void Add(Micros<Tag> value) {
    AddMicros(value.micros());
  }
  template <class T>
  void Add(const std::optional<T>& value) {
    value ? Add(*value) : AddNull();
  }
  // The array literal; leaves this empty.
  [[nodiscard]] Param Finish();

 private:
  void Separate();
  void AddNull();
  void AddText(std::string_view text);
  void AddInt(std::int64_t value);
  void AddMicros(std::int64_t micros);
  void AddTime(Timestamp time);
  void AddParam(const Param& value) { value.text() ? AddText(*value.text()) : AddNull(); }

  std::string literal_;
};

// Rows of a finished statement; copies share them. Columns are numbered from 0. A getter for a null or for text that
// does not read as the type answers the type's zero: the schema, not the caller, guards types. Not thread-safe.
class Rows {
 public:
  explicit Rows(std::shared_ptr<const void> result);
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::int64_t affected() const;  // rows that an INSERT, UPDATE or DELETE touched
  [[nodiscard]] bool IsNull(std::size_t row, int column) const;
  [[nodiscard]] std::string_view Text(std::size_t row, int column) const;
  [[nodiscard]] std::optional<std::string> OptionalText(std::size_t row, int column) const;
  [[nodiscard]] std::int64_t Int(std::size_t row, int column) const;
  [[nodiscard]] double Double(std::size_t row, int column) const;
  [[nodiscard]] bool Bool(std::size_t row, int column) const;
  // Of a timestamptz column as it stands (not of `extract(epoch ...)`).
  [[nodiscard]] Timestamp Time(std::size_t row, int column) const;
  [[nodiscard]] std::string Bytes(std::size_t row, int column) const;
  // Of a numeric column with at most six places.
  template <class Amount>
  [[nodiscard]] Amount Exact(std::size_t row, int column) const {
    return Amount::FromMicros(MicrosAt(row, column));
  }
  template <class Amount>
  [[nodiscard]] std::optional<Amount> OptionalExact(std::size_t row, int column) const {
    if (IsNull(row, column)) return std::nullopt;
    return Exact<Amount>(row, column);
  }

 private:
  [[nodiscard]] std::int64_t MicrosAt(std::size_t row, int column) const;
  std::shared_ptr<const void> result_;
};

// One open transaction. Valid inside the function given to Pool::Transact. Throws only exceptions that Transact turns
// into a status: store code neither catches nor checks.
class Transaction {
 public:
  virtual ~Transaction() = default;
  // Prepared once a connection. `sql` numbers its parameters $1, $2, ...
  virtual Rows Exec(std::string_view sql, const std::vector<Param>& params) = 0;
  Rows Exec(std::string_view sql) { return Exec(sql, {}); }
  // Streams rows into `table` (columns in order) by COPY; each row as long as `columns`.
  virtual void Copy(std::string_view table, const std::vector<std::string>& columns,
                    const std::vector<std::vector<Param>>& rows) = 0;
  // The same for rows that are written often. Several tables go in one command, in their order.
  virtual void CopyBinary(const std::vector<CopyTarget>& targets) = 0;
};

struct PoolOptions {
  std::string dsn;     // postgresql://...
  std::string schema;  // search_path of every connection; also application_name
  std::size_t connections = 8;
  std::chrono::milliseconds wait{2'000};                // for a free connection, at most
  std::chrono::milliseconds statement_timeout{10'000};  // server-side, for every statement
};

class Pool {
 public:
  explicit Pool(PoolOptions options);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Runs `work` in a transaction and commits when it answers OK; rolls back and answers its status otherwise.
  // Serialization failures and deadlocks run `work` again, four times at most: it must have no effect but on the
  // database. UNAVAILABLE when the database cannot be reached, is shutting down, or no connection came free in time.
  // After a lost connection during COMMIT the outcome is unknown and also UNAVAILABLE: callers make their work
  // idempotent.
  absl::Status Transact(const std::function<absl::Status(Transaction&)>& work);
  // The same for reads: nothing may be written, and all statements see one snapshot.
  absl::Status Read(const std::function<absl::Status(Transaction&)>& work);
  // OK when a connection answers: the readiness probe.
  absl::Status Ping();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The name of a violated constraint when `status` came from one ("users_email_key"); empty otherwise. Transact answers
// such failures with code kAlreadyExists (unique) or kFailedPrecondition (any other constraint).
std::string ViolatedConstraint(const absl::Status& status);

}  // namespace papertape::pg
