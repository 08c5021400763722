// Corporate actions in PostgreSQL. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "libs/pg/pool.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

class PgActionStore : public ActionStore {
 public:
  explicit PgActionStore(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::vector<KnownAction>> List(const std::string& symbol) override;
  absl::StatusOr<std::int64_t> Write(const std::string& symbol, const std::vector<CorporateAction>& actions,
                                     const std::string& source) override;
  absl::StatusOr<std::optional<Instrument>> NextToAsk(Timestamp before) override;
  absl::Status MarkAsked(const std::string& symbol, Timestamp at) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market
