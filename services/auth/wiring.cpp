#include "services/auth/wiring.h"

#include "libs/ids/ids.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/status/status.h"
#include "migrations/auth_store.h"
#include "services/auth/clients/bcrypt_hasher.h"
#include "services/auth/clients/jwt_issuer.h"
#include "services/auth/config.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/rpc/auth_service.h"
#include "services/auth/store/audit_trail.h"
#include "services/auth/store/pg_user_store.h"

namespace papertape::auth {

absl::Status Wire(service::Host& host) {
  const Config config = ReadConfig(host.settings());

  auto& pool = host.Own<pg::Pool>(config.database);
  const pg::MigrationPlan plan{config.database.dsn, config.database.schema, auth_store::Migrations()};
  host.AddPart(
      "migrations", [plan] { return pg::MigrateUp(plan).status(); }, [] {});
  host.AddReadiness("database", [&pool] { return pool.Ping(); });
  auto& trail = host.Own<AuditTrail>(config.keys.secret, host.clock());
  auto& audit = host.Own<PgAuditLog>(pool, trail);
  auto& users = host.Own<PgUserStore>(pool, trail);

  PT_ASSIGN_OR_RETURN(auto hasher, BcryptHasher::Make(config.bcrypt_cost, SystemRandom()));
  auto& passwords = *host.Own<std::unique_ptr<BcryptHasher>>(std::move(hasher));
  auto& signer = host.Own<TokenSigner>(config.keys, host.clock());
  auto& tokens = host.Own<JwtIssuer>(signer, config.token_life, SystemRandom());

  auto& accounts = host.Own<Accounts>(Accounts::Ports{
      .users = users, .passwords = passwords, .tokens = tokens, .audit = audit, .random = SystemRandom()});
  host.Serve(std::make_shared<AuthService>(host.gate(), accounts));
  return absl::OkStatus();
}

}  // namespace papertape::auth
