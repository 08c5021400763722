#include "services/auth/wiring.h"

#include "libs/auth/keyed_hash.h"
#include "libs/auth/revocations.h"
#include "libs/events/events.h"
#include "libs/events/repeating_thread.h"
#include "libs/ids/ids.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "libs/rpc/revocation_tail.h"
#include "libs/status/status.h"
#include "migrations/auth_store.h"
#include "services/auth/clients/bcrypt_hasher.h"
#include "services/auth/clients/jwt_issuer.h"
#include "services/auth/clients/stream_end_notice.h"
#include "services/auth/config.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/domain/sessions.h"
#include "services/auth/rpc/auth_service.h"
#include "services/auth/store/audit_trail.h"
#include "services/auth/store/pg_session_store.h"
#include "services/auth/store/pg_user_store.h"

namespace papertape::auth {
namespace {

constexpr std::chrono::minutes kEraseEvery{10};

// Erases what nobody can use any more, batch by batch, then rests.
absl::StatusOr<std::chrono::milliseconds> EraseExpired(Sessions& sessions) {
  PT_ASSIGN_OR_RETURN(const std::int64_t erased, sessions.EraseExpired());
  return erased > 0 ? std::chrono::milliseconds(100) : std::chrono::milliseconds(kEraseEvery);
}

}  // namespace

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
  auto& ids = host.Own<IdSource>(host.clock(), SystemRandom());
  auto& session_store = host.Own<PgSessionStore>(pool, ids, trail);
  auto& redis = host.Own<redis::Client>(redis::ClientOptions{.url = config.redis_url, .connections = 2});

  PT_ASSIGN_OR_RETURN(auto hasher, BcryptHasher::Make(config.bcrypt_cost, SystemRandom()));
  auto& passwords = *host.Own<std::unique_ptr<BcryptHasher>>(std::move(hasher));
  auto& signer = host.Own<TokenSigner>(config.keys, host.clock());
  auto& tokens = host.Own<JwtIssuer>(signer, config.token_life, SystemRandom());

  auto& relay = host.Own<events::Relay>(pool, redis, host.clock(),
                                        events::Relay::Options{.stream = rpc::kAuthStream, .stream_length = 100'000});
  auto& notice = host.Own<StreamEndNotice>(host.revocations(), [&relay] { relay.Notify(); });
  auto& sessions = host.Own<Sessions>(Sessions::Ports{.store = session_store,
                                                      .tokens = tokens,
                                                      .notice = notice,
                                                      .clock = host.clock(),
                                                      .random = SystemRandom(),
                                                      .digest = Digest},
                                      config.refresh_life);
  host.AddPart(
      "ended sessions", [&sessions] { return sessions.TellAgain(); }, [] {});
  host.AddPart(
      "auth relay",
      [&relay] {
        relay.Start();
        return absl::OkStatus();
      },
      [&relay] { relay.Stop(); });
  auto& eraser =
      host.Own<events::RepeatingThread>("erasing of expired sessions", [&sessions] { return EraseExpired(sessions); });
  host.AddPart(
      "erasing of expired sessions",
      [&eraser] {
        eraser.Start();
        return absl::OkStatus();
      },
      [&eraser] { eraser.Stop(); });

  auto& accounts = host.Own<Accounts>(Accounts::Ports{
      .users = users, .passwords = passwords, .sessions = sessions, .audit = audit, .random = SystemRandom()});
  host.Serve(std::make_shared<AuthService>(host.gate(), accounts, sessions, config.keys));
  return absl::OkStatus();
}

}  // namespace papertape::auth
