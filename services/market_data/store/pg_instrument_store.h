// Instruments in PostgreSQL. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

class PgInstrumentStore final : public InstrumentStore {
 public:
  explicit PgInstrumentStore(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::vector<Instrument>> All() override;
  absl::StatusOr<std::vector<Simulation>> Simulations() override;
  absl::StatusOr<InstrumentPage> List(const InstrumentFilter& filter) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market
