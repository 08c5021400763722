#include "services/notification/domain/mail_sender.h"

#include "libs/clock/fake_clock.h"
#include "services/notification/domain/mail_room.h"
#include "tests/support/matchers.h"
#include "tests/support/notification/fakes.h"
#include "tests/support/notification/mail_queue_contract.h"

namespace papertape::notification {
namespace {

using std::chrono::seconds;
using testing::IsOk;
using testing::NamesField;
using Fate = MailTally::Fate;

struct World {
  FakeClock clock;
  FakeMailQueue queue;
  FakeTransport transport;
  FakeTally tally;
  int wakes = 0;
  MailRoom room{queue, tally, clock, [this] { ++wakes; }};
  MailSender sender{queue, transport, tally, clock};

  void Accept() {
    REQUIRE_THAT(room.Accept({.id = "a",
                              .to = "ann@example.com",
                              .subject = "Hello",
                              .text = "Hello",
                              .expires_at = clock.Now() + seconds(600)}),
                 IsOk());
  }
};

TEST_CASE("the fake queue keeps to the contract") {
  FakeMailQueue queue;
  CheckMailQueueContract(queue);
}

TEST_CASE("a mail that is taken in wakes the sender and is sent once") {
  World world;
  world.Accept();
  CHECK(world.wakes == 1);
  CHECK(*world.sender.SendOne());
  CHECK_FALSE(*world.sender.SendOne());
  CHECK(world.transport.delivered.size() == 1);
  CHECK(world.queue.At("a").state == "sent");
  CHECK(world.tally.counts == std::map<Fate, int>{{Fate::kQueued, 1}, {Fate::kSent, 1}});
}

TEST_CASE("the same message id is one mail, also after it was sent") {
  World world;
  world.Accept();
  world.Accept();
  REQUIRE_THAT(world.sender.SendOne().status(), IsOk());
  world.Accept();
  CHECK_FALSE(*world.sender.SendOne());
  CHECK(world.wakes == 1);
  CHECK(world.tally.counts[Fate::kQueued] == 1);
}

TEST_CASE("a mail that nobody could send is not taken in") {
  World world;
  CHECK_THAT(world.room.Accept({.id = "a", .to = "ann", .subject = "Hello", .text = "Hello"}), NamesField("to"));
  CHECK(world.wakes == 0);
}

TEST_CASE("a failed delivery is tried again, later each time") {
  CHECK(RestAfter(1) == seconds(5));
  CHECK(RestAfter(2) == seconds(10));
  CHECK(RestAfter(8) == seconds(640));
  CHECK(RestAfter(9) == seconds(900));
  CHECK(RestAfter(1'000) == seconds(900));
  World world;
  world.transport.reports = {{.outcome = Delivery::kFailed, .why = "busy"},
                             {.outcome = Delivery::kFailed, .why = "busy"}};
  world.Accept();
  CHECK(*world.sender.SendOne());
  world.clock.Advance(seconds(5) - std::chrono::microseconds(1));
  CHECK_FALSE(*world.sender.SendOne());
  world.clock.Advance(std::chrono::microseconds(1));
  CHECK(*world.sender.SendOne());
  world.clock.Advance(seconds(10));
  CHECK(*world.sender.SendOne());
  CHECK(world.queue.At("a").state == "sent");
  CHECK(world.tally.counts[Fate::kDelayed] == 2);
}

TEST_CASE("a mail that is refused for good is given up at once") {
  World world;
  world.transport.reports = {{.outcome = Delivery::kRefused, .why = "550"}};
  world.Accept();
  CHECK(*world.sender.SendOne());
  CHECK(world.queue.At("a").state == "failed");
  CHECK(world.queue.At("a").why == "550");
  CHECK(world.tally.counts[Fate::kFailed] == 1);
}

TEST_CASE("a mail is not tried beyond its time") {
  World world;
  world.transport.reports.assign(20, {.outcome = Delivery::kFailed, .why = "busy"});
  world.Accept();
  for (int i = 0; i < 600; ++i) {
    REQUIRE_THAT(world.sender.SendOne().status(), IsOk());
    world.clock.Advance(seconds(1));
  }
  CHECK(world.queue.At("a").state == "failed");
  CHECK(world.transport.delivered.size() == 7);  // after 0, 5, 15, 35, 75, 155 and 315 s; 635 s would be too late
}

TEST_CASE("a mail that waited too long is given up without an attempt") {
  World world;
  world.Accept();
  world.clock.Advance(seconds(600));
  CHECK(*world.sender.SendOne());
  CHECK(world.transport.delivered.empty());
  CHECK(world.queue.At("a").why == "expired");
}

TEST_CASE("a mail whose delivery was not noted is delivered again after its lease") {
  World world;
  world.Accept();
  REQUIRE_THAT(world.queue.TakeDue(world.clock.Now(), world.clock.Now() + MailSender::kLease).status(), IsOk());
  CHECK_FALSE(*world.sender.SendOne());
  world.clock.Advance(MailSender::kLease);
  CHECK(*world.sender.SendOne());
  CHECK(world.transport.delivered.front().id == "a");
}

TEST_CASE("ids of old mails are forgotten after a week") {
  World world;
  world.Accept();
  REQUIRE_THAT(world.sender.SendOne().status(), IsOk());
  world.clock.Advance(MailSender::kRemembered);
  REQUIRE_THAT(world.sender.EraseOld(), IsOk());
  CHECK(world.queue.At("a").state == "sent");
  world.clock.Advance(seconds(1));
  REQUIRE_THAT(world.sender.EraseOld(), IsOk());
  CHECK(world.queue.At("a").state == "unknown");
}

}  // namespace
}  // namespace papertape::notification
