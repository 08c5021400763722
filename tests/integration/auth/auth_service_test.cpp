#include "services/auth/rpc/auth_service.h"

#include <openssl/evp.h>

#include <algorithm>
#include <latch>
#include <thread>

#include "libs/auth/keyed_hash.h"
#include "migrations/auth_store.h"
#include "services/auth/clients/bcrypt_hasher.h"
#include "services/auth/clients/hmac_secret_hash.h"
#include "services/auth/clients/jwt_issuer.h"
#include "services/auth/clients/stream_end_notice.h"
#include "services/auth/store/pg_code_store.h"
#include "services/auth/store/pg_failure_store.h"
#include "services/auth/store/pg_session_store.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/auth/code_fakes.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

// auth as wiring.cpp builds it, on a database of the test's own and at bcrypt's lowest cost.
class AuthUnderTest {
 public:
  AuthUnderTest() {
    server_.Start({&service_});
    stub_ = v1::AuthService::NewStub(server_.channel());
  }
  ~AuthUnderTest() { server_.Stop(); }
  AuthUnderTest(const AuthUnderTest&) = delete;
  AuthUnderTest& operator=(const AuthUnderTest&) = delete;

  absl::Status Register(const v1::RegisterRequest& request, v1::RegisterReply& reply, const std::string& key = "") {
    return testing::CallWith("", [&](grpc::ClientContext& context) {
      if (!key.empty()) context.AddMetadata("idempotency-key", key);
      return stub_->Register(&context, request, &reply);
    });
  }
  absl::Status Login(const std::string& email, const std::string& password, v1::LoginReply& reply) {
    v1::LoginRequest request;
    request.set_email(email);
    request.set_password(password);
    return testing::CallWith("", [&](grpc::ClientContext& context) { return stub_->Login(&context, request, &reply); });
  }
  absl::Status GetMe(const std::string& bearer, v1::Me& reply) {
    return testing::CallWith(bearer, [&](grpc::ClientContext& context) { return stub_->GetMe(&context, {}, &reply); });
  }
  absl::Status VerifyToken(const std::string& bearer, v1::VerifyTokenReply& reply) {
    return testing::CallWith(bearer,
                             [&](grpc::ClientContext& context) { return stub_->VerifyToken(&context, {}, &reply); });
  }
  absl::Status Refresh(const std::string& token, v1::LoginReply& reply, const std::string& bearer = "") {
    v1::RefreshRequest request;
    request.set_refresh_token(token);
    return testing::CallWith(bearer,
                             [&](grpc::ClientContext& context) { return stub_->Refresh(&context, request, &reply); });
  }
  absl::Status Logout(const std::string& bearer, const std::string& refresh_token = "") {
    v1::LogoutRequest request;
    request.set_refresh_token(refresh_token);
    v1::LogoutReply reply;
    return testing::CallWith(bearer,
                             [&](grpc::ClientContext& context) { return stub_->Logout(&context, request, &reply); });
  }
  absl::Status ChangePassword(const std::string& bearer, const std::string& current, const std::string& renewed) {
    v1::ChangePasswordRequest request;
    request.set_current_password(current);
    request.set_new_password(renewed);
    v1::ChangePasswordReply reply;
    return testing::CallWith(
        bearer, [&](grpc::ClientContext& context) { return stub_->ChangePassword(&context, request, &reply); });
  }
  testing::RpcServer& server() { return server_; }
  const testing::TestDatabase& database() { return database_; }

  rpc::WorkerPool& password_workers() { return password_workers_; }

  static constexpr int kPasswordThreads = 4;

 private:
  testing::RpcServer server_;
  const testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail_{testing::RpcServer::kSecretKey, SystemClock()};
  PgAuditLog audit_{*pool_, trail_};
  PgUserStore users_{*pool_, trail_};
  const std::unique_ptr<BcryptHasher> passwords_ = *BcryptHasher::Make(4, SystemRandom());
  const TokenSigner signer_{{.secret = testing::RpcServer::kSecretKey}, SystemClock()};
  JwtIssuer tokens_{signer_, std::chrono::minutes(10), SystemRandom()};
  IdSource ids_{SystemClock(), SystemRandom()};
  PgSessionStore session_store_{*pool_, ids_, trail_};
  StreamEndNotice notice_{server_.revocations(), [] {}};
  Sessions sessions_{{.store = session_store_,
                      .tokens = tokens_,
                      .notice = notice_,
                      .clock = SystemClock(),
                      .random = SystemRandom(),
                      .digest = Digest},
                     std::chrono::hours(24 * 7)};
  HmacSecretHash hash_{testing::RpcServer::kSecretKey};
  PgFailureStore failures_{*pool_};
  Lockout lockout_{{.failures = failures_, .hash = hash_, .audit = audit_, .clock = SystemClock()}, {}};
  FakeMailer mail_;
  PgCodeStore code_store_{*pool_};
  OneTimeCodes codes_{{.codes = code_store_,
                       .users = users_,
                       .mail = mail_,
                       .hash = hash_,
                       .random = SystemRandom(),
                       .clock = SystemClock()},
                      CodeRules()};
  Accounts accounts_{{.users = users_,
                      .passwords = *passwords_,
                      .sessions = sessions_,
                      .lockout = lockout_,
                      .audit = audit_,
                      .random = SystemRandom()}};
  CodeSignIn code_sign_in_{{.accounts = accounts_,
                            .users = users_,
                            .codes = codes_,
                            .lockout = lockout_,
                            .passwords = *passwords_,
                            .sessions = sessions_,
                            .audit = audit_,
                            .mail = mail_,
                            .random = SystemRandom(),
                            .clock = SystemClock()}};
  rpc::WorkerPool password_workers_{kPasswordThreads, 8};
  AuthService service_{server_.gate(),
                       {.accounts = accounts_,
                        .sessions = sessions_,
                        .codes = codes_,
                        .code_sign_in = code_sign_in_,
                        .password_workers = password_workers_},
                       {.secret = testing::RpcServer::kSecretKey}};
  std::unique_ptr<v1::AuthService::Stub> stub_;
};

v1::RegisterRequest Ann() {
  v1::RegisterRequest request;
  request.set_email("Ann@Example.com");
  request.set_password("correct horse");
  request.set_name("Ann");
  return request;
}

std::string Base64Url(const std::string& text) {
  std::string encoded(4 * (text.size() / 3 + 1) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  std::erase(encoded, '=');
  std::replace(encoded.begin(), encoded.end(), '+', '-');
  std::replace(encoded.begin(), encoded.end(), '/', '_');
  return encoded;
}

TEST_CASE("a user registers, signs in and is known by the token") {
  AuthUnderTest auth;
  v1::RegisterReply registered;
  REQUIRE_THAT(auth.Register(Ann(), registered), IsOk());
  CHECK(registered.message() == "User registered");
  CHECK(registered.email() == "ann@example.com");
  CHECK(registered.client_id() == "ann@example.com");
  CHECK(registered.username() == "ann");
  CHECK(registered.role() == "user");
  CHECK(registered.id() > 0);
  CHECK(registered.created_at().seconds() > 1'700'000'000);

  v1::LoginReply session;
  REQUIRE_THAT(auth.Login("ANN@example.com", "correct horse", session), IsOk());
  CHECK(session.token_type() == "bearer");
  CHECK(session.expires_in() == 600);
  CHECK(session.user().id() == registered.id());

  v1::Me me;
  REQUIRE_THAT(auth.GetMe(session.access_token(), me), IsOk());
  CHECK(me.user_id() == registered.id());
  CHECK(me.is_active());
  CHECK(me.kyc_status() == "not_submitted");

  v1::VerifyTokenReply verified;
  REQUIRE_THAT(auth.VerifyToken(session.access_token(), verified), IsOk());
  CHECK(verified.valid());
  CHECK(verified.user_id() == registered.id());
  CHECK(verified.email() == "ann@example.com");
  CHECK(verified.expires_at().seconds() > registered.created_at().seconds() + 500);
}

TEST_CASE("the password is nowhere in the database") {
  AuthUnderTest auth;
  v1::RegisterReply reply;
  REQUIRE_THAT(auth.Register(Ann(), reply, "key-1"), IsOk());
  CHECK(auth.database().Execute("select count(*) from auth.users where password_hash like '$2b$04$%'") == "1");
  CHECK(auth.database().Execute("select count(*) from auth.users u, auth.idempotency_keys k, "
                                "auth.audit_log a where (u::text || k::text || a::text) like '%correct horse%'") ==
        "0");
}

TEST_CASE("a token that is expired, forged, unsigned or nobody's is refused") {
  AuthUnderTest auth;
  v1::RegisterReply registered;
  REQUIRE_THAT(auth.Register(Ann(), registered), IsOk());
  const std::string good = auth.server().TokenFor(registered.id());
  v1::VerifyTokenReply reply;
  REQUIRE_THAT(auth.VerifyToken(good, reply), IsOk());

  CHECK_THAT(auth.VerifyToken(auth.server().TokenFor(registered.id(), std::chrono::seconds(-60)), reply),
             HasReason(Reason::kTOKEN_EXPIRED));
  CHECK_THAT(auth.VerifyToken("", reply), HasReason(Reason::kUNAUTHENTICATED));
  CHECK_THAT(auth.VerifyToken("not.a.token", reply), HasReason(Reason::kINVALID_TOKEN));
  CHECK_THAT(auth.VerifyToken(auth.server().TokenFor(424'242), reply), HasReason(Reason::kINVALID_TOKEN));

  const std::size_t body = good.find('.') + 1;
  const std::size_t signature = good.rfind('.') + 1;
  std::string forged = good;
  forged[signature] = forged[signature] == 'A' ? 'B' : 'A';
  CHECK_THAT(auth.VerifyToken(forged, reply), HasReason(Reason::kINVALID_TOKEN));
  const std::string unsigned_head = Base64Url(R"({"alg":"none","typ":"JWT"})");
  CHECK_THAT(auth.VerifyToken(unsigned_head + "." + good.substr(body, signature - body), reply),
             HasReason(Reason::kINVALID_TOKEN));
  CHECK_THAT(auth.VerifyToken(unsigned_head + "." + good.substr(body), reply), HasReason(Reason::kINVALID_TOKEN));
  const auto foreign =
      TokenSigner({.secret = "another secret for tests, as long"}, SystemClock())
          .Sign({.user_id = registered.id(), .token_id = "t", .session_id = "s"}, std::chrono::minutes(5));
  CHECK_THAT(auth.VerifyToken(*foreign, reply), HasReason(Reason::kINVALID_TOKEN));
}

TEST_CASE("a disabled account's token is not confirmed and its sign-in is refused") {
  AuthUnderTest auth;
  v1::RegisterReply registered;
  REQUIRE_THAT(auth.Register(Ann(), registered), IsOk());
  auth.database().Execute("update auth.users set is_active = false");
  v1::VerifyTokenReply verified;
  CHECK_THAT(auth.VerifyToken(auth.server().TokenFor(registered.id()), verified), HasReason(Reason::kINVALID_TOKEN));
  v1::LoginReply session;
  CHECK_THAT(auth.Login("ann@example.com", "correct horse", session), HasReason(Reason::kACCOUNT_DISABLED));
}

TEST_CASE("two registrations of one address at once: exactly one succeeds") {
  AuthUnderTest auth;
  std::vector<absl::Status> outcomes(2);
  std::vector<std::thread> threads;
  for (absl::Status& outcome : outcomes) {
    threads.emplace_back([&] {
      v1::RegisterReply reply;
      outcome = auth.Register(Ann(), reply);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(outcomes[0].ok() != outcomes[1].ok());
  CHECK_THAT(outcomes[0].ok() ? outcomes[1] : outcomes[0], HasReason(Reason::kEMAIL_TAKEN));
}

TEST_CASE("many registrations under one key at once all answer one user") {
  AuthUnderTest auth;
  std::vector<std::int64_t> ids(6);
  std::vector<std::thread> threads;
  for (std::int64_t& id : ids) {
    threads.emplace_back([&] {
      v1::RegisterReply reply;
      if (auth.Register(Ann(), reply, "key-1").ok()) id = reply.id();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(ids.front() > 0);
  CHECK(std::count(ids.begin(), ids.end(), ids.front()) == static_cast<std::ptrdiff_t>(ids.size()));
  v1::RegisterRequest other = Ann();
  other.set_email("bob@example.com");
  v1::RegisterReply reply;
  CHECK_THAT(auth.Register(other, reply, "key-1"), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
}

TEST_CASE("a refresh token is taken from the body or as a bearer, and an access token is none") {
  AuthUnderTest auth;
  v1::RegisterReply registered;
  REQUIRE_THAT(auth.Register(Ann(), registered), IsOk());
  v1::LoginReply first, second, third;
  REQUIRE_THAT(auth.Login("ann@example.com", "correct horse", first), IsOk());
  REQUIRE_THAT(auth.Refresh(first.refresh_token(), second, first.access_token()), IsOk());
  REQUIRE_THAT(auth.Refresh("", third, second.refresh_token()), IsOk());
  CHECK(third.user().email() == "ann@example.com");
  v1::Me me;
  CHECK_THAT(auth.GetMe(third.access_token(), me), IsOk());
  CHECK_THAT(auth.GetMe(third.refresh_token(), me), HasReason(Reason::kINVALID_TOKEN));
  v1::LoginReply none;
  CHECK_THAT(auth.Refresh("", none, third.access_token()), HasReason(Reason::kINVALID_TOKEN));
  CHECK_THAT(auth.Refresh("", none), HasReason(Reason::kINVALID_TOKEN));

  CHECK_THAT(auth.Refresh(first.refresh_token(), none), HasReason(Reason::kSESSION_ENDED));
  CHECK_THAT(auth.GetMe(third.access_token(), me), HasReason(Reason::kSESSION_ENDED));
  CHECK_THAT(auth.Refresh(third.refresh_token(), none), HasReason(Reason::kSESSION_ENDED));
}

TEST_CASE("a logout ends the access token at once, a new password those of the other sessions") {
  AuthUnderTest auth;
  v1::RegisterReply registered;
  REQUIRE_THAT(auth.Register(Ann(), registered), IsOk());
  v1::LoginReply here, there, gone;
  for (v1::LoginReply* session : {&here, &there, &gone}) {
    REQUIRE_THAT(auth.Login("ann@example.com", "correct horse", *session), IsOk());
  }
  v1::Me me;
  REQUIRE_THAT(auth.Logout(gone.access_token()), IsOk());
  CHECK_THAT(auth.GetMe(gone.access_token(), me), HasReason(Reason::kSESSION_ENDED));
  CHECK_THAT(auth.Logout(gone.access_token()), HasReason(Reason::kSESSION_ENDED));
  CHECK_THAT(auth.GetMe(here.access_token(), me), IsOk());

  REQUIRE_THAT(auth.ChangePassword(here.access_token(), "correct horse", "battery staple"), IsOk());
  CHECK_THAT(auth.GetMe(here.access_token(), me), IsOk());
  CHECK_THAT(auth.GetMe(there.access_token(), me), HasReason(Reason::kSESSION_ENDED));
  v1::LoginReply again;
  CHECK_THAT(auth.Login("ann@example.com", "correct horse", again), HasReason(Reason::kINVALID_CREDENTIALS));
  CHECK_THAT(auth.Login("ann@example.com", "battery staple", again), IsOk());
}

TEST_CASE("a storm of sign-ins is refused and leaves the others alone") {
  AuthUnderTest auth;
  v1::RegisterReply registered;
  REQUIRE_THAT(auth.Register(Ann(), registered), IsOk());
  v1::LoginReply session, other;
  REQUIRE_THAT(auth.Login("ann@example.com", "correct horse", session), IsOk());
  std::latch busy(AuthUnderTest::kPasswordThreads);
  std::latch over(1);
  for (int i = 0; i < AuthUnderTest::kPasswordThreads; ++i) {
    REQUIRE(auth.password_workers().Submit([&] {
      busy.count_down();
      over.wait();
    }));
  }
  busy.wait();
  while (auth.password_workers().Submit([&] { over.wait(); })) {
  }
  const absl::Status refused = auth.Login("ann@example.com", "correct horse", other);
  CHECK_THAT(refused, HasReason(Reason::kOVERLOADED));
  CHECK(DetailsOf(refused).retry_after_ms > 0);
  v1::Me me;
  CHECK_THAT(auth.GetMe(session.access_token(), me), IsOk());
  REQUIRE_THAT(auth.Refresh(session.refresh_token(), other), IsOk());
  CHECK_THAT(auth.Logout(other.access_token()), IsOk());
  over.count_down();
}

TEST_CASE("refresh tokens stand nowhere in the database") {
  AuthUnderTest auth;
  v1::RegisterReply registered;
  REQUIRE_THAT(auth.Register(Ann(), registered), IsOk());
  v1::LoginReply session;
  REQUIRE_THAT(auth.Login("ann@example.com", "correct horse", session), IsOk());
  CHECK(auth.database().Execute("select count(*) from auth.refresh_tokens where encode(sha256('" +
                                session.refresh_token() + "'), 'hex') = digest") == "1");
  CHECK(
      auth.database().Execute("select count(*) from auth.refresh_tokens t, auth.sessions s where (t::text || s::text) "
                              "like '%" +
                              session.refresh_token() + "%'") == "0");
}

TEST_CASE("bad requests name their fields across the wire") {
  AuthUnderTest auth;
  v1::RegisterRequest request;
  request.set_email("nobody");
  request.set_password("short");
  v1::RegisterReply reply;
  const absl::Status refused = auth.Register(request, reply);
  CHECK_THAT(refused, HasReason(Reason::kINVALID_ARGUMENT));
  CHECK_THAT(refused, NamesField("email"));
  CHECK_THAT(refused, NamesField("password"));
  v1::LoginReply session;
  const absl::Status empty = auth.Login("", "", session);
  CHECK_THAT(empty, NamesField("email"));
  CHECK_THAT(empty, NamesField("password"));
  CHECK_THAT(auth.Login("nobody@example.com", "correct horse", session), HasReason(Reason::kINVALID_CREDENTIALS));
}

}  // namespace
}  // namespace papertape::auth
