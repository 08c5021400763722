// Committed events in PostgreSQL.
#pragma once

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/ports.h"

namespace papertape::trade_engine {

class PgEventArchive : public EventArchive {
 public:
  explicit PgEventArchive(pg::Pool& pool) : pool_(pool) {}
  absl::Status ForEach(std::int64_t session, const Visit& visit) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::trade_engine
