#include "services/auth/wiring.h"

#include "libs/auth/keyed_hash.h"
#include "libs/auth/revocations.h"
#include "libs/events/events.h"
#include "libs/events/repeating_thread.h"
#include "libs/ids/ids.h"
#include "libs/log/log.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/revocation_tail.h"
#include "libs/rpc/worker_pool.h"
#include "libs/status/status.h"
#include "migrations/auth_store.h"
#include "services/auth/clients/bcrypt_calibration.h"
#include "services/auth/clients/bcrypt_hasher.h"
#include "services/auth/clients/grpc_mailer.h"
#include "services/auth/clients/hmac_secret_hash.h"
#include "services/auth/clients/jwt_issuer.h"
#include "services/auth/clients/popular_passwords.h"
#include "services/auth/clients/stream_end_notice.h"
#include "services/auth/config.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/domain/administration.h"
#include "services/auth/domain/api_keys.h"
#include "services/auth/domain/code_sign_in.h"
#include "services/auth/domain/lockout.h"
#include "services/auth/domain/one_time_codes.h"
#include "services/auth/domain/sessions.h"
#include "services/auth/kyc_wiring.h"
#include "services/auth/rpc/admin_service.h"
#include "services/auth/rpc/api_key_service.h"
#include "services/auth/rpc/auth_service.h"
#include "services/auth/store/audit_trail.h"
#include "services/auth/store/pg_api_key_store.h"
#include "services/auth/store/pg_audit_reader.h"
#include "services/auth/store/pg_code_store.h"
#include "services/auth/store/pg_failure_store.h"
#include "services/auth/store/pg_role_store.h"
#include "services/auth/store/pg_session_store.h"
#include "services/auth/store/pg_user_store.h"

namespace papertape::auth {
namespace {

constexpr std::chrono::minutes kEraseEvery{10};
constexpr std::chrono::hours kEraseCountsEvery{1};

// Erases what nobody can use any more, batch by batch, then rests.
absl::StatusOr<std::chrono::milliseconds> EraseExpired(Sessions& sessions) {
  PT_ASSIGN_OR_RETURN(const std::int64_t erased, sessions.EraseExpired());
  return erased > 0 ? std::chrono::milliseconds(100) : std::chrono::milliseconds(kEraseEvery);
}

absl::StatusOr<std::unique_ptr<BcryptHasher>> MakeHasher(const Config& config) {
  if (config.bcrypt_cost) return BcryptHasher::Make(*config.bcrypt_cost, SystemRandom());
  PT_ASSIGN_OR_RETURN(const BcryptCost measured, MeasureBcryptCost(SystemRandom()));
  log::Info("cost of password hashes, as measured",
            {{"cost", measured.cost}, {"hash_us", std::int64_t{measured.time_of_hash.count()}}});
  return BcryptHasher::Make(measured.cost, SystemRandom());
}

// Sessions, what makes their tokens, and the way by which every process hears of their end.
struct SessionParts {
  IdSource& ids;
  JwtIssuer& tokens;
  EndNotice& notice;
  Sessions& sessions;
  events::Relay& relay;
};

SessionParts WireSessions(service::Host& host, const Config& config, pg::Pool& pool, const AuditTrail& trail) {
  auto& ids = host.Own<IdSource>(host.clock(), SystemRandom());
  auto& session_store = host.Own<PgSessionStore>(pool, ids, trail);
  auto& redis = host.Own<redis::Client>(redis::ClientOptions{.url = config.redis_url, .connections = 2});
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
  host.AddThread("auth relay", relay);
  auto& eraser =
      host.Own<events::RepeatingThread>("erasing of expired sessions", [&sessions] { return EraseExpired(sessions); });
  host.AddThread("erasing of expired sessions", eraser);
  return {.ids = ids, .tokens = tokens, .notice = notice, .sessions = sessions, .relay = relay};
}

// API keys, roles and the reading of the audit log.
void ServeKeysAndRoles(service::Host& host, const SessionParts& parts, pg::Pool& pool, UserStore& users,
                       const AuditTrail& trail) {
  auto& key_store = host.Own<PgApiKeyStore>(pool, parts.ids, trail);
  auto& keys = host.Own<ApiKeys>(ApiKeys::Ports{.store = key_store,
                                                .tokens = parts.tokens,
                                                .notice = parts.notice,
                                                .clock = host.clock(),
                                                .random = SystemRandom(),
                                                .digest = Digest});
  auto& role_store = host.Own<PgRoleStore>(pool, parts.ids, trail);
  auto& audit_reader = host.Own<PgAuditReader>(pool, trail);
  auto& administration = host.Own<Administration>(Administration::Ports{.users = users,
                                                                        .roles = role_store,
                                                                        .audit = audit_reader,
                                                                        .tokens = parts.tokens,
                                                                        .notice = parts.notice,
                                                                        .clock = host.clock()});
  host.Serve(std::make_shared<ApiKeyService>(host.gate(), keys));
  host.Serve(std::make_shared<AdminService>(host.gate(), administration));
}

// What is counted: failed sign-ins, and codes by mail.
struct Counts {
  Lockout& lockout;
  Mailer& mail;
  OneTimeCodes& codes;
};

Counts WireCounts(service::Host& host, const Config& config, pg::Pool& pool, UserStore& users, AuditLog& audit) {
  auto& hash = host.Own<HmacSecretHash>(config.keys.secret);
  auto& failures = host.Own<PgFailureStore>(pool);
  auto& lockout = host.Own<Lockout>(
      Lockout::Ports{.failures = failures, .hash = hash, .audit = audit, .clock = host.clock()}, config.lockout);
  auto& notification = host.Own<rpc::Peer>(config.notification, host.clock());
  auto& mail = host.Own<GrpcMailer>(notification);
  auto& code_store = host.Own<PgCodeStore>(pool);
  auto& codes = host.Own<OneTimeCodes>(OneTimeCodes::Ports{.codes = code_store,
                                                           .users = users,
                                                           .mail = mail,
                                                           .hash = hash,
                                                           .random = SystemRandom(),
                                                           .clock = host.clock()},
                                       config.codes);
  auto& eraser = host.Own<events::RepeatingThread>("erasing of old codes and failures",
                                                   [&lockout, &codes]() -> absl::StatusOr<std::chrono::milliseconds> {
                                                     PT_RETURN_IF_ERROR(lockout.EraseOld());
                                                     PT_RETURN_IF_ERROR(codes.EraseOld());
                                                     return kEraseCountsEvery;
                                                   });
  host.AddThread("erasing of old codes and failures", eraser);
  return {.lockout = lockout, .mail = mail, .codes = codes};
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

  PT_ASSIGN_OR_RETURN(auto hasher, MakeHasher(config));
  auto& passwords = *host.Own<std::unique_ptr<BcryptHasher>>(std::move(hasher));
  const SessionParts session_parts = WireSessions(host, config, pool, trail);
  Sessions& sessions = session_parts.sessions;
  const Counts counts = WireCounts(host, config, pool, users, audit);
  auto& password_workers = host.Own<rpc::WorkerPool>(config.password_threads, config.password_queue);
  const PasswordRules rules(config.common_passwords ? PasswordRules::IsCommon() : IsPopularPassword);
  auto& accounts = host.Own<Accounts>(Accounts::Ports{.users = users,
                                                      .passwords = passwords,
                                                      .sessions = sessions,
                                                      .lockout = counts.lockout,
                                                      .audit = audit,
                                                      .random = SystemRandom(),
                                                      .rules = rules});
  auto& code_sign_in = host.Own<CodeSignIn>(CodeSignIn::Ports{.accounts = accounts,
                                                              .users = users,
                                                              .codes = counts.codes,
                                                              .lockout = counts.lockout,
                                                              .passwords = passwords,
                                                              .sessions = sessions,
                                                              .audit = audit,
                                                              .mail = counts.mail,
                                                              .random = SystemRandom(),
                                                              .clock = host.clock(),
                                                              .rules = rules});
  const AuthService::Parts parts{.accounts = accounts,
                                 .sessions = sessions,
                                 .codes = counts.codes,
                                 .code_sign_in = code_sign_in,
                                 .password_workers = password_workers};
  ServeKeysAndRoles(host, session_parts, pool, users, trail);
  host.Serve(std::make_shared<AuthService>(host.gate(), parts, config.keys));
  WireKyc(host, config, pool, trail, session_parts.relay);
  return absl::OkStatus();
}

}  // namespace papertape::auth
