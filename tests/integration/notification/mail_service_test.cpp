#include "services/notification/rpc/mail_service.h"

#include "libs/auth/token.h"
#include "libs/ids/ids.h"
#include "libs/rpc/metadata.h"
#include "migrations/notification_store.h"
#include "services/notification/store/pg_mail_queue.h"
#include "tests/support/matchers.h"
#include "tests/support/notification/fakes.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::notification {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

class MailUnderTest {
 public:
  MailUnderTest() {
    server_.Start({&service_});
    stub_ = v1::MailService::NewStub(server_.channel());
  }
  absl::Status Send(const v1::SendMailRequest& request, bool as_service = true) {
    grpc::ClientContext context;
    testing::Prepare(context, as_service ? "" : server_.TokenFor(1));
    if (as_service) {
      context.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(testing::RpcServer::kSecretKey));
    }
    v1::SendMailReply reply;
    return rpc::FromGrpc(stub_->SendMail(&context, request, &reply));
  }
  PgMailQueue& queue() { return queue_; }

 private:
  const testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("notification", notification_store::Migrations());
  const Sealer sealer_{{.current = std::string(32, 'k')}, SystemRandom()};
  PgMailQueue queue_{*pool_, sealer_};
  FakeTally tally_;
  MailRoom room_{queue_, tally_, SystemClock(), [] {}};
  testing::RpcServer server_;
  MailService service_{server_.gate(), room_};
  std::unique_ptr<v1::MailService::Stub> stub_;
};

v1::SendMailRequest AMail() {
  v1::SendMailRequest request;
  request.set_message_id("code-1");
  request.set_to("ann@example.com");
  request.set_subject("Your code");
  request.set_text("It is 123456.\n");
  return request;
}

TEST_CASE("a mail of another service is kept, for a day unless it says otherwise, and once") {
  MailUnderTest mail;
  REQUIRE_THAT(mail.Send(AMail()), IsOk());
  REQUIRE_THAT(mail.Send(AMail()), IsOk());
  const Timestamp now = SystemClock().Now();
  const auto due = mail.queue().TakeDue(now, now + std::chrono::minutes(1));
  REQUIRE_THAT(due.status(), IsOk());
  REQUIRE(due->has_value());
  CHECK((*due)->mail->text == "It is 123456.\n");
  CHECK((*due)->expires_at - (*due)->created_at == std::chrono::hours(24));
  CHECK_FALSE((*mail.queue().TakeDue(now, now)).has_value());
}

TEST_CASE("users send no mail, and a mail with a second header is refused") {
  MailUnderTest mail;
  CHECK_THAT(mail.Send(AMail(), false), HasReason(Reason::kPERMISSION_DENIED));
  v1::SendMailRequest request = AMail();
  request.set_to("ann@example.com\r\nBcc: eve@example.com");
  request.set_subject("Hello\nX: y");
  const absl::Status refused = mail.Send(request);
  CHECK_THAT(refused, NamesField("to"));
  CHECK_THAT(refused, NamesField("subject"));
}

}  // namespace
}  // namespace papertape::notification
