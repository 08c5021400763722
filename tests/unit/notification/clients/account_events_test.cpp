#include "services/notification/clients/account_events.h"

#include "papertape/auth/v1/auth_event.pb.h"
#include "tests/support/matchers.h"

namespace papertape::notification {
namespace {

using testing::HasReason;
using testing::IsOk;

events::Event EventWith(const auth::v1::AuthEvent& message) {
  return {.id = "01E", .type = "papertape.auth.v1.AuthEvent", .user_id = 7, .payload = message.SerializeAsString()};
}

Draft Told(const auth::v1::AuthEvent& message) {
  const auto draft = TellAccountEvent(EventWith(message));
  REQUIRE_THAT(draft.status(), IsOk());
  REQUIRE(draft->has_value());
  CHECK((*draft)->user_id == 7);
  return **draft;
}

TEST_CASE("the owner hears that documents have come, and how the review ended") {
  auth::v1::AuthEvent message;
  message.mutable_kyc_submitted()->set_documents(2);
  const Draft submitted = Told(message);
  CHECK(submitted.type == "kyc_submitted");
  CHECK(submitted.title == "Documents received");
  CHECK(submitted.data == R"({"documents":2})");

  message.mutable_kyc_reviewed()->set_status("approved");
  const Draft approved = Told(message);
  CHECK(approved.type == "kyc_reviewed");
  CHECK(approved.title == "Documents approved");
  CHECK(approved.message == "Your documents are approved");

  message.mutable_kyc_reviewed()->set_status("rejected");
  message.mutable_kyc_reviewed()->set_reason("The picture is blurred.");
  const Draft rejected = Told(message);
  CHECK(rejected.title == "Documents rejected");
  CHECK(rejected.message == "Your documents were rejected: The picture is blurred.");
  CHECK(rejected.data == R"({"status":"rejected","reason":"The picture is blurred."})");
}

TEST_CASE("what concerns credentials is no news, and what is no event is refused") {
  auth::v1::AuthEvent message;
  message.mutable_session_revoked()->set_session_id("s");
  CHECK_FALSE(TellAccountEvent(EventWith(message))->has_value());
  CHECK_FALSE(TellAccountEvent(EventWith({}))->has_value());
  CHECK_FALSE(TellAccountEvent({.type = "another.Type", .payload = "x"})->has_value());
  CHECK_THAT(TellAccountEvent({.type = "papertape.auth.v1.AuthEvent", .payload = "\xff"}).status(),
             HasReason(Reason::kINVALID_ARGUMENT));
}

}  // namespace
}  // namespace papertape::notification
