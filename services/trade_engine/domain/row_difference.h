// Where a stored row and the one that the log makes part. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

struct RowDifference {
  std::int64_t session = 0;
  std::int64_t user_id = 0;
  std::string table;
  std::string key;     // of the row, within the account
  std::string column;  // empty: the whole row
  std::string stored;  // empty: there is none
  std::string logged;  // empty: the log knows of none
};

// A row as its columns, in words.
struct DescribedRow {
  std::string key;
  std::vector<std::pair<std::string_view, std::string>> columns;
};
DescribedRow Describe(const Account& account);
DescribedRow Describe(const Trade& trade);
DescribedRow Describe(const Order& order);  // with its fill
DescribedRow Describe(const Transfer& transfer);

// Adds a difference for each column that differs, and for each row that only one side has.
void CompareRows(const RowDifference& where, std::vector<DescribedRow> stored, std::vector<DescribedRow> logged,
                 std::vector<RowDifference>& out);

}  // namespace papertape::trade_engine
