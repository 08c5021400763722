// Arrays for `unnest`, one for each column of a batch of rows.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "libs/pg/pool.h"

namespace papertape::trade_engine {

// Columns<3> columns(rows.size()); columns.Add(1, "a", price); ... transaction.Exec(sql, columns.Finish());
template <std::size_t N>
class Columns {
 public:
  explicit Columns(std::size_t rows) {
    for (pg::ArrayParam& column : columns_) column.Reserve(rows, 16);
  }
  template <class... Values>
  void Add(const Values&... values) {
    static_assert(sizeof...(Values) == N);
    std::size_t at = 0;
    (columns_[at++].Add(values), ...);
  }
  [[nodiscard]] std::vector<pg::Param> Finish() {
    std::vector<pg::Param> params;
    params.reserve(N);
    for (pg::ArrayParam& column : columns_) params.push_back(column.Finish());
    return params;
  }
  // With one value for all rows as the last parameter.
  [[nodiscard]] std::vector<pg::Param> FinishWith(pg::Param last) {
    std::vector<pg::Param> params = Finish();
    params.push_back(std::move(last));
    return params;
  }

 private:
  std::array<pg::ArrayParam, N> columns_;
};

}  // namespace papertape::trade_engine
