// The rows that a batch adds to the tables trades, orders, fills and transfers, for COPY. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/batch.h"

namespace papertape::trade_engine {

class NewRows {
 public:
  NewRows(std::int64_t session, const Batch& batch);
  // What is not empty. Transfers come first: the database compares an account's figures with them. Shows this object.
  std::vector<pg::CopyTarget> Targets();

 private:
  void Add(std::int64_t session, const Trade& trade);
  void Add(std::int64_t session, const Order& order);
  void Add(std::int64_t session, const Transfer& transfer);

  bool has_transfers_, has_trades_, has_orders_;
  pg::CopyRows transfers_, trades_, orders_, fills_;
};

}  // namespace papertape::trade_engine
