// The table `quarantine`. What was said before is counted again, not kept twice. Text that a source made up may hold
// any bytes: what is not printable ASCII is kept as `?`.
#pragma once

#include <vector>

#include "libs/pg/pool.h"
#include "services/market_data/domain/quarantine.h"

namespace papertape::market {

class PgQuarantine final : public Quarantine {
 public:
  explicit PgQuarantine(pg::Pool& pool) : pool_(pool) {}
  absl::Status Add(const std::vector<Suspect>& suspects) override;

  // The same inside a transaction of the caller's.
  static void Add(pg::Transaction& transaction, const std::vector<Suspect>& suspects);
  // Lets go of the daily bars of these days that were kept for a jump, whoever said them.
  static void Acquit(pg::Transaction& transaction, const std::string& symbol, const std::vector<Timestamp>& days);

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market
