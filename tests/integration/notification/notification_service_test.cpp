#include "services/notification/rpc/notification_service.h"

#include <map>
#include <set>
#include <utility>

#include "libs/events/events.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/proto_types.h"
#include "migrations/notification_store.h"
#include "papertape/trade_engine/v1/events.pb.h"
#include "services/notification/clients/trading_events.h"
#include "services/notification/rpc/feed_messages.h"
#include "services/notification/store/feed_projection.h"
#include "services/notification/store/feed_tail.h"
#include "services/notification/store/pg_feed_store.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::notification {
namespace {

using testing::HasReason;
using testing::IsOk;
namespace engine = trade_engine::v1;

constexpr char kTradingStream[] = "events.trading";
constexpr char kFeedStream[] = "events.feed";

// One replica of notification as wiring.cpp builds it.
class Replica {
 public:
  Replica(pg::Pool& pool, const std::string& redis_url, const std::string& name)
      : redis_({.url = redis_url}),
        feed_(pool),
        relay_(pool, redis_, SystemClock(), {.stream = kFeedStream}),
        consumer_(
            pool, redis_, {.stream = kTradingStream, .group = "notification", .consumer = name},
            [this](pg::Transaction& transaction, const events::Event& event) {
              return projection_.Apply(transaction, event);
            },
            [this](const std::vector<events::Event>&) { relay_.Notify(); }) {
    REQUIRE_THAT(tail_.Start(), IsOk());
    relay_.Start();
    server_.Start({&service_});
  }
  ~Replica() {
    consumer_.Stop();
    relay_.Stop();
    tail_.Stop();
    hub_.HangUp();
  }
  void Consume() { consumer_.Start(); }
  testing::RpcServer& server() { return server_; }
  std::unique_ptr<v1::NotificationService::Stub> Stub() { return v1::NotificationService::NewStub(server_.channel()); }

 private:
  redis::Client redis_;
  PgFeedStore feed_;
  FeedHub hub_;
  FeedTail tail_{redis_, kFeedStream, [this](const auto& entries) { hub_.Publish(ParseEntries(entries)); }};
  events::Relay relay_;
  FeedProjection projection_{TellTradingEvent, SerializeFeedEntry};
  events::Consumer consumer_;
  testing::RpcServer server_;
  NotificationService service_{server_.gate(), feed_, hub_};
};

// A gateway that listens to one replica.
class Gateway {
 public:
  explicit Gateway(Replica& replica) : stub_(v1::NotificationService::NewStub(replica.server().NewConnection())) {
    testing::Prepare(context_);
    context_.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(testing::RpcServer::kSecretKey));
    reader_ = stub_->StreamFeed(&context_, {});
    reader_->WaitForInitialMetadata();
  }
  ~Gateway() { context_.TryCancel(); }
  // The next `count` entries; fewer when the stream ends.
  std::vector<v1::FeedEntry> Hear(std::size_t count) {
    v1::FeedBatch batch;
    while (heard_.size() < count && reader_->Read(&batch)) {
      heard_.insert(heard_.end(), batch.entries().begin(), batch.entries().end());
    }
    return std::exchange(heard_, {});
  }

 private:
  std::unique_ptr<v1::NotificationService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::FeedBatch>> reader_;
  std::vector<v1::FeedEntry> heard_;
};

struct World {
  const testing::TestDatabase database;
  const testing::TestRedis redis_server;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("notification", notification_store::Migrations());
  redis::Client redis{{.url = redis_server.url()}};

  // As the trade engine's relay does.
  void Publish(const events::Event& event) {
    REQUIRE_THAT(redis.Run(events::AddCommand(kTradingStream, 1'000, event)).status(), IsOk());
  }
};

events::Event AnEvent(const std::string& id, std::int64_t user_id, engine::TradingEvent::Kind kind) {
  engine::TradingEvent message;
  message.set_kind(kind);
  message.mutable_portfolio()->set_user_id(user_id);
  engine::Trade& trade = *message.mutable_trade();
  trade.set_trade_id("trade of " + id);
  trade.set_symbol("AAPL");
  trade.set_trade_type(engine::TRADE_TYPE_BUY);
  rpc::Encode(Quantity::FromUnits(10), trade.mutable_quantity());
  rpc::Encode(Price::FromUnits(150), trade.mutable_entry_price());
  rpc::Encode(Price::FromMicros(148'500'000), trade.mutable_exit_price());
  rpc::Encode(Money::FromUnits(-15), trade.mutable_pnl());
  return {.id = id,
          .type = engine::TradingEvent::descriptor()->full_name(),
          .user_id = user_id,
          .time = SystemClock().Now(),
          .request_id = "request of " + id,
          .payload = message.SerializeAsString()};
}

v1::ListNotificationsReply List(Replica& replica, std::int64_t user_id, bool unread = false) {
  v1::ListNotificationsRequest request;
  request.set_unread(unread);
  v1::ListNotificationsReply reply;
  const absl::Status status = testing::CallWith(replica.server().TokenFor(user_id), [&](grpc::ClientContext& context) {
    return replica.Stub()->ListNotifications(&context, request, &reply);
  });
  REQUIRE_THAT(status, IsOk());
  return reply;
}

absl::Status MarkRead(Replica& replica, std::int64_t user_id, std::int64_t id) {
  v1::MarkReadRequest request;
  request.set_id(id);
  v1::Notification reply;
  return testing::CallWith(replica.server().TokenFor(user_id), [&](grpc::ClientContext& context) {
    return replica.Stub()->MarkRead(&context, request, &reply);
  });
}

TEST_CASE("a stop becomes an entry with an alert at the gateway, committed before") {
  World world;
  Replica replica(*world.pool, world.redis_server.url(), "one");
  replica.Consume();
  Gateway gateway(replica);
  world.Publish(AnEvent("e1", 7, engine::TradingEvent::KIND_STOP_LOSS_HIT));
  const auto heard = gateway.Hear(1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].alert().ticker() == "AAPL");
  CHECK(heard[0].alert().trade_id() == "trade of e1");
  CHECK(heard[0].alert().message() == "Stop loss triggered for AAPL at $148.50");
  const v1::Notification& pushed = heard[0].notification();
  CHECK(pushed.user_id() == 7);
  CHECK(pushed.seq() == 1);
  CHECK(pushed.type() == "trade_auto_closed");

  const auto listed = List(replica, 7);
  REQUIRE(listed.notifications_size() == 1);
  CHECK(listed.notifications(0).SerializeAsString() == pushed.SerializeAsString());
  CHECK(listed.unread_count() == 1);
  CHECK(listed.total_pages() == 1);
}

TEST_CASE("an event that comes twice has one entry and is heard once") {
  World world;
  Replica replica(*world.pool, world.redis_server.url(), "one");
  replica.Consume();
  Gateway gateway(replica);
  world.Publish(AnEvent("e1", 7, engine::TradingEvent::KIND_TRADE_OPENED));
  world.Publish(AnEvent("e1", 7, engine::TradingEvent::KIND_TRADE_OPENED));
  CHECK(gateway.Hear(1).size() == 1);
  world.Publish(AnEvent("e1", 7, engine::TradingEvent::KIND_TRADE_OPENED));
  world.Publish(AnEvent("e2", 7, engine::TradingEvent::KIND_TRADE_EXITED));
  const auto heard = gateway.Hear(1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].notification().seq() == 2);
  CHECK(heard[0].notification().type() == "trade_exited");
  CHECK_FALSE(heard[0].has_alert());
  CHECK(List(replica, 7).total() == 2);
}

TEST_CASE("what the relay sends twice is heard once") {
  World world;
  Replica replica(*world.pool, world.redis_server.url(), "one");
  replica.Consume();
  Gateway gateway(replica);
  world.Publish(AnEvent("e1", 7, engine::TradingEvent::KIND_TRADE_OPENED));
  CHECK(gateway.Hear(1).size() == 1);
  // As after a crash between sending and marking.
  const auto sent = world.redis.Run({"XRANGE", kFeedStream, "-", "+"});
  REQUIRE_THAT(sent.status(), IsOk());
  const auto again = events::EventOf(redis::ParseEntries(*sent).at(0));
  REQUIRE_THAT(again.status(), IsOk());
  REQUIRE_THAT(world.redis.Run(events::AddCommand(kFeedStream, 1'000, *again)).status(), IsOk());
  world.Publish(AnEvent("e2", 7, engine::TradingEvent::KIND_TRADE_EXITED));
  const auto heard = gateway.Hear(1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].notification().seq() == 2);
}

TEST_CASE("gateways of every replica hear what any replica consumes") {
  World world;
  Replica one(*world.pool, world.redis_server.url(), "one");
  Replica two(*world.pool, world.redis_server.url(), "two");
  one.Consume();
  two.Consume();
  Gateway at_one(one);
  Gateway at_two(two);
  constexpr int kEvents = 200;
  for (int i = 0; i < kEvents; ++i) {
    world.Publish(AnEvent("e" + std::to_string(i), 1 + i % 3, engine::TradingEvent::KIND_TRADE_OPENED));
  }
  for (Gateway* gateway : {&at_one, &at_two}) {
    const auto heard = gateway->Hear(kEvents);
    REQUIRE(heard.size() == kEvents);
    std::map<std::int64_t, std::set<std::int64_t>> seqs;
    for (const v1::FeedEntry& entry : heard) {
      CHECK(seqs[entry.notification().user_id()].insert(entry.notification().seq()).second);
    }
    for (const auto& [user_id, numbers] : seqs) {
      CHECK(*numbers.rbegin() == static_cast<std::int64_t>(numbers.size()));  // 1 to n, without gaps
    }
  }
}

TEST_CASE("an event that cannot be read does not keep the others waiting") {
  World world;
  Replica replica(*world.pool, world.redis_server.url(), "one");
  replica.Consume();
  Gateway gateway(replica);
  events::Event broken = AnEvent("e1", 7, engine::TradingEvent::KIND_TRADE_OPENED);
  broken.payload = "\xff\xff\xff";
  world.Publish(broken);
  world.Publish(AnEvent("e2", 7, engine::TradingEvent::KIND_TRADE_OPENED));
  const auto heard = gateway.Hear(1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].notification().seq() == 1);
}

TEST_CASE("what stands in the feed stream without being an event is passed over") {
  World world;
  Replica replica(*world.pool, world.redis_server.url(), "one");
  replica.Consume();
  Gateway gateway(replica);
  REQUIRE_THAT(world.redis.Run({"XADD", kFeedStream, "*", "no", "event"}).status(), IsOk());
  world.Publish(AnEvent("e1", 7, engine::TradingEvent::KIND_TRADE_OPENED));
  CHECK(gateway.Hear(1).size() == 1);
}

TEST_CASE("parts whose Redis is away say so, for the readiness probe") {
  World world;
  redis::Client nowhere({.url = "redis://127.0.0.1:1/0"});
  FeedTail tail(nowhere, kFeedStream, [](const auto&) {});
  CHECK_FALSE(tail.Start().ok());
  events::Consumer consumer(*world.pool, nowhere,
                            {.stream = kTradingStream, .group = "notification", .consumer = "one"},
                            [](pg::Transaction&, const events::Event&) { return absl::OkStatus(); });
  CHECK_THAT(consumer.Health(), IsOk());
  consumer.Start();
  CHECK(testing::Eventually(std::chrono::seconds(30), [&] { return !consumer.Health().ok(); }));
  consumer.Stop();
}

TEST_CASE("a notification is marked read by its owner alone") {
  World world;
  Replica replica(*world.pool, world.redis_server.url(), "one");
  replica.Consume();
  Gateway gateway(replica);
  world.Publish(AnEvent("e1", 7, engine::TradingEvent::KIND_TRADE_OPENED));
  REQUIRE(gateway.Hear(1).size() == 1);
  const std::int64_t id = List(replica, 7).notifications(0).id();
  CHECK_THAT(MarkRead(replica, 8, id), HasReason(Reason::kNOTIFICATION_NOT_FOUND));
  CHECK(List(replica, 7, true).total() == 1);
  CHECK_THAT(MarkRead(replica, 7, id), IsOk());
  CHECK(List(replica, 7, true).total() == 0);
  CHECK(List(replica, 7).notifications(0).is_read());
  CHECK(List(replica, 8).total() == 0);
}

TEST_CASE("the stream of all users' entries is for gateways, not for users") {
  World world;
  Replica replica(*world.pool, world.redis_server.url(), "one");
  const auto stub = replica.Stub();
  for (const std::string& bearer : {std::string(), replica.server().TokenFor(7)}) {
    grpc::ClientContext context;
    testing::Prepare(context, bearer);
    const auto reader = stub->StreamFeed(&context, {});
    v1::FeedBatch batch;
    CHECK_FALSE(reader->Read(&batch));
    const absl::Status status = rpc::FromGrpc(reader->Finish());
    CHECK((absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status)));
  }
}

}  // namespace
}  // namespace papertape::notification
