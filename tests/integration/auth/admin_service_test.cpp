#include "services/auth/rpc/admin_service.h"

#include "tests/integration/auth/keyed_auth.h"

namespace papertape::auth {
namespace {

using papertape::testing::CallWith;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::KeyedAuth;

absl::Status ListAudit(KeyedAuth& auth, const std::string& bearer, v1::ListAuditReply& reply,
                       const v1::ListAuditRequest& request = {}) {
  return CallWith(bearer,
                  [&](grpc::ClientContext& context) { return auth.admin->ListAudit(&context, request, &reply); });
}

TEST_CASE("the operator makes an administrator, from the next token on") {
  KeyedAuth auth;
  const std::string before = auth.SignIn();
  v1::SetRoleReply changed;
  REQUIRE_THAT(auth.SetRole("Ann@Example.com", "admin", changed), IsOk());
  CHECK(changed.user_id() == auth.ann.id);
  CHECK(changed.previous_role() == "user");
  CHECK(changed.role() == "admin");
  CHECK(changed.sessions_ended() == 0);
  v1::ListAuditReply log;
  CHECK_THAT(ListAudit(auth, before, log), HasReason(Reason::kPERMISSION_DENIED));
  REQUIRE_THAT(ListAudit(auth, auth.SignIn(), log), IsOk());
  REQUIRE(log.entries_size() >= 2);
  CHECK(auth.database.Execute("select actor || ' ' || detail from auth.audit_log where action = "
                              "'user.role_changed'") == R"(operator {"from":"user","to":"admin"})");
}

TEST_CASE("a lower role holds at once: sessions end and keys are revoked") {
  KeyedAuth auth;
  v1::SetRoleReply changed;
  REQUIRE_THAT(auth.SetRole("ann@example.com", "admin", changed), IsOk());
  const std::string session = auth.SignIn();
  v1::CreateApiKeyRequest request;
  request.set_name("bot");
  request.add_scopes("read");
  v1::CreateApiKeyReply key;
  REQUIRE_THAT(auth.Create(session, request, key), IsOk());
  REQUIRE_THAT(auth.SetRole("ann@example.com", "user", changed), IsOk());
  CHECK(changed.sessions_ended() == 1);
  CHECK(changed.keys_revoked() == 1);
  v1::ListAuditReply log;
  CHECK_THAT(ListAudit(auth, session, log), HasReason(Reason::kSESSION_ENDED));
  v1::ExchangeApiKeyReply exchanged;
  CHECK_THAT(auth.Exchange(key.id(), key.secret(), exchanged), HasReason(Reason::kINVALID_API_KEY));
  CHECK_THAT(ListAudit(auth, auth.SignIn(), log), HasReason(Reason::kPERMISSION_DENIED));
}

TEST_CASE("the same role again changes, ends and records nothing") {
  KeyedAuth auth;
  const std::string session = auth.SignIn();
  v1::SetRoleReply changed;
  REQUIRE_THAT(auth.SetRole("ann@example.com", "user", changed), IsOk());
  CHECK(changed.sessions_ended() == 0);
  v1::ListApiKeysReply listed;
  CHECK_THAT(auth.List(session, listed), IsOk());
  CHECK(auth.database.Execute("select count(*) from auth.audit_log where action = 'user.role_changed'") == "0");
}

TEST_CASE("nobody but the operator sets roles or verifies the log, not even an administrator") {
  KeyedAuth auth;
  v1::SetRoleReply changed;
  REQUIRE_THAT(auth.SetRole("ann@example.com", "admin", changed), IsOk());
  const std::string admin = auth.SignIn();
  CHECK_THAT(auth.SetRole("ann@example.com", "user", changed, admin), HasReason(Reason::kPERMISSION_DENIED));
  v1::VerifyAuditReply verified;
  v1::ListAuditReply log;
  CHECK_THAT(CallWith(admin, [&](auto& context) { return auth.admin->VerifyAudit(&context, {}, &verified); }),
             HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(CallWith("", [&](auto& context) { return auth.admin->ListAuditForOperator(&context, {}, &log); }),
             HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(ListAudit(auth, "", log), HasReason(Reason::kUNAUTHENTICATED));
}

TEST_CASE("an unknown address and a word that is no role are told clearly") {
  KeyedAuth auth;
  v1::SetRoleReply changed;
  CHECK_THAT(auth.SetRole("nobody@example.com", "admin", changed), HasReason(Reason::kUSER_NOT_FOUND));
  CHECK_THAT(auth.SetRole("ann@example.com", "king", changed), NamesField("role"));
  CHECK_THAT(auth.SetRole("' or 1 = 1 --", "admin", changed), HasReason(Reason::kUSER_NOT_FOUND));
}

TEST_CASE("the log is read page by page with the cursor of the page before") {
  KeyedAuth auth;
  v1::SetRoleReply changed;
  REQUIRE_THAT(auth.SetRole("ann@example.com", "author", changed), IsOk());
  REQUIRE_THAT(auth.SetRole("ann@example.com", "admin", changed), IsOk());
  const std::string admin = auth.SignIn();
  v1::ListAuditRequest request;
  request.set_size(2);
  std::vector<std::int64_t> numbers;
  do {
    v1::ListAuditReply page;
    REQUIRE_THAT(ListAudit(auth, admin, page, request), IsOk());
    REQUIRE(page.entries_size() <= 2);
    for (const v1::AuditRecord& entry : page.entries()) numbers.push_back(entry.number());
    request.set_cursor(page.next_cursor());
  } while (!request.cursor().empty());
  CHECK(numbers == std::vector<std::int64_t>{4, 3, 2, 1});
  request.set_cursor("1 or 1 = 1");
  v1::ListAuditReply page;
  CHECK_THAT(ListAudit(auth, admin, page, request), NamesField("cursor"));
}

TEST_CASE("the operator verifies the log, and finds the entry that was changed") {
  KeyedAuth auth;
  const auto verify = [&] {
    v1::VerifyAuditReply reply;
    REQUIRE_THAT(CallWith("",
                          [&](grpc::ClientContext& context) {
                            context.AddMetadata("x-papertape-service", KeyedAuth::Credential());
                            return auth.admin->VerifyAudit(&context, {}, &reply);
                          }),
                 IsOk());
    return reply;
  };
  CHECK(verify().at_end());
  CHECK(verify().checked() == 1);
  CHECK_FALSE(verify().has_broken_number());
  auth.database.Execute(
      "set session_replication_role = replica; update auth.audit_log set subject_id = 99; "
      "set session_replication_role = default");
  CHECK(verify().broken_number() == 1);
}

}  // namespace
}  // namespace papertape::auth
