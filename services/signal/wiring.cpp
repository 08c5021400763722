#include "services/signal/wiring.h"

#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "migrations/signal_store.h"
#include "services/signal/config.h"
#include "services/signal/rpc/formula_service.h"
#include "services/signal/rpc/signal_service.h"
#include "services/signal/store/pg_catalog.h"

namespace papertape::signal {

absl::Status Wire(service::Host& host) {
  const Config config = ReadConfig(host.settings());

  auto& pool = host.Own<pg::Pool>(config.database);
  const pg::MigrationPlan plan{config.database.dsn, config.database.schema, signal_store::Migrations()};
  host.AddPart(
      "migrations", [plan] { return pg::MigrateUp(plan).status(); }, [] {});
  host.AddReadiness("database", [&pool] { return pool.Ping(); });
  auto& catalog = host.Own<PgCatalog>(pool);

  host.Serve(std::make_shared<SignalService>(host.gate(), catalog));
  host.Serve(std::make_shared<FormulaService>(host.gate(), catalog));
  return absl::OkStatus();
}

}  // namespace papertape::signal
