#include "services/trade_engine/domain/batch.h"

namespace papertape::trade_engine {
namespace {

template <class Row, class Key>
void PutLast(const Row& row, const Key& key, std::vector<Row>& rows, std::unordered_map<Key, std::size_t>& at) {
  const auto [found, is_new] = at.try_emplace(key, rows.size());
  if (is_new) {
    rows.push_back(row);
  } else {
    rows[found->second] = row;
  }
}

}  // namespace

void Batch::Put(const Account& account) { PutLast(account, account.user_id, accounts_, account_at_); }
void Batch::Put(const Trade& trade) { PutLast(trade, trade.trade_id, trades_, trade_at_); }

}  // namespace papertape::trade_engine
