#include "tests/support/notification/mail_queue_contract.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::notification {
namespace {

using std::chrono::seconds;
using testing::IsOk;

const Timestamp kNow = FakeClock().Now();
constexpr seconds kLease{120};

Mail AMail(const std::string& id) {
  return {
      .id = id, .to = id + "@example.com", .subject = "Grüße", .text = "one\ntwo\n", .expires_at = kNow + seconds(600)};
}

std::optional<DueMail> Take(MailQueue& queue, Timestamp now) {
  auto due = queue.TakeDue(now, now + kLease);
  REQUIRE_THAT(due.status(), IsOk());
  return *due;
}

void KeepsAMailOnce(MailQueue& queue) {
  CHECK_FALSE(Take(queue, kNow).has_value());
  CHECK(*queue.Add(AMail("a"), kNow));
  Mail other = AMail("a");
  other.text = "another";
  CHECK_FALSE(*queue.Add(other, kNow));
  const auto due = Take(queue, kNow);
  REQUIRE(due.has_value());
  REQUIRE_THAT(due->mail.status(), IsOk());
  CHECK(due->mail->to == "a@example.com");
  CHECK(due->mail->subject == "Grüße");
  CHECK(due->mail->text == "one\ntwo\n");
  CHECK(due->attempts == 1);
  CHECK(due->created_at == kNow);
  CHECK(due->expires_at == kNow + seconds(600));
}

void LeasesWhatItHandsOut(MailQueue& queue) {
  CHECK_FALSE(Take(queue, kNow + kLease - seconds(1)).has_value());
  CHECK(Take(queue, kNow + kLease)->attempts == 2);
}

void BringsTheLongestWaitingFirst(MailQueue& queue) {
  REQUIRE_THAT(queue.TryAgain("a", kNow + seconds(500), "busy"), IsOk());
  CHECK(*queue.Add(AMail("b"), kNow + seconds(400)));
  CHECK(Take(queue, kNow + seconds(600))->id == "b");
  CHECK(Take(queue, kNow + seconds(600))->id == "a");
}

void ForgetsWhatIsOver(MailQueue& queue) {
  REQUIRE_THAT(queue.MarkSent("a", kNow + seconds(600)), IsOk());
  REQUIRE_THAT(queue.MarkFailed("b", kNow + seconds(700), "no such user"), IsOk());
  CHECK_FALSE(Take(queue, kNow + seconds(10'000)).has_value());
  CHECK_FALSE(*queue.Add(AMail("a"), kNow));  // the id is known still
  REQUIRE_THAT(queue.Erase(kNow + seconds(700)), IsOk());
  CHECK(*queue.Add(AMail("a"), kNow));
  CHECK_FALSE(*queue.Add(AMail("b"), kNow));
}

}  // namespace

void CheckMailQueueContract(MailQueue& queue) {
  KeepsAMailOnce(queue);
  LeasesWhatItHandsOut(queue);
  BringsTheLongestWaitingFirst(queue);
  ForgetsWhatIsOver(queue);
}

}  // namespace papertape::notification
