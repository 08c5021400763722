// Rows for Transaction::CopyBinary, in the binary format of COPY: the server parses no text, and writes many rows of a
// table at once. A value must be of its column's very type, for nothing is converted: std::string_view text, bool
// boolean, std::int64_t bigint, std::int16_t smallint, Timestamp timestamptz, Price, Quantity and Money numeric,
// Bytea bytea, and a std::optional of them null when absent. A mistake fails the copy. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::pg {

struct Bytea {
  std::string_view bytes;
};

class CopyRows {
 public:
  CopyRows();
  void Reserve(std::size_t bytes) { data_.reserve(bytes); }
  // One row, all of its columns in order.
  template <class... Values>
  void Add(const Values&... values) {
    AppendInt(static_cast<std::int16_t>(sizeof...(Values)));
    (Put(values), ...);
  }
  // All that was added, with the format's head and end. Nothing may be added afterwards.
  [[nodiscard]] std::string_view Finish();

 private:
  // Big-endian, as everything on that wire.
  template <class Integer>
  void AppendInt(Integer value) {
    for (int shift = 8 * (static_cast<int>(sizeof value) - 1); shift >= 0; shift -= 8) {
      data_ += static_cast<char>(static_cast<std::uint64_t>(value) >> static_cast<unsigned>(shift));
    }
  }
  void AppendLength(std::size_t bytes) { AppendInt(static_cast<std::int32_t>(bytes)); }

  void Put(std::string_view text);
  void Put(const char* text) { Put(std::string_view(text)); }
  void Put(bool value);
  void Put(std::int64_t value);
  void Put(std::int16_t value);
  void Put(Timestamp value);
  void Put(Bytea value) { Put(value.bytes); }
  template <class Tag>
  void Put(Micros<Tag> value) {
    PutNumeric(value.micros());
  }
  template <class T>
  void Put(const std::optional<T>& value) {
    value ? Put(*value) : AppendInt(std::int32_t{-1});
  }
  void PutNumeric(std::int64_t micros);

  std::string data_;
};

// Where rows go: a table and its columns, "bars (symbol, close)".
struct CopyTarget {
  std::string_view table;
  CopyRows& rows;
};

}  // namespace papertape::pg
