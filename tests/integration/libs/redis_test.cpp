#include "libs/redis/redis.h"

#include <thread>

#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::redis {
namespace {

using namespace std::chrono_literals;
using testing::HasReason;
using testing::IsOk;
using testing::TestRedis;

std::string Text(const absl::StatusOr<Reply>& reply) {
  REQUIRE_THAT(reply.status(), IsOk());
  return reply->text;
}

}  // namespace

TEST_CASE("replies keep their kind, and texts every byte") {
  const TestRedis redis;
  Client client({.url = redis.url()});
  const std::string bytes("a\0b\r\n\xff", 6);
  REQUIRE_THAT(client.Run({"SET", "key", bytes}).status(), IsOk());
  CHECK(Text(client.Run({"GET", "key"})) == bytes);
  CHECK(client.Run({"GET", "none"})->kind == Reply::Kind::kNil);
  CHECK(client.Run({"INCRBY", "n", "9223372036854775807"})->integer == 9'223'372'036'854'775'807);
  REQUIRE_THAT(client.Run({"RPUSH", "list", "x", ""}).status(), IsOk());
  const auto list = client.Run({"LRANGE", "list", "0", "-1"});
  REQUIRE(list->kind == Reply::Kind::kArray);
  REQUIRE(list->array.size() == 2);
  CHECK(list->array[0].text == "x");
  CHECK(list->array[1].kind == Reply::Kind::kText);
}

TEST_CASE("what Redis refuses comes in its words, and the connection lives on") {
  const TestRedis redis;
  Client client({.url = redis.url(), .connections = 1});
  REQUIRE_THAT(client.Run({"SET", "key", "text"}).status(), IsOk());
  const absl::Status refused = client.Run({"INCR", "key"}).status();
  CHECK_THAT(refused, HasReason(Reason::kINTERNAL));
  CHECK(MessageOf(refused) == "ERR value is not an integer or out of range");
  CHECK_THAT(client.Ping(), IsOk());
}

TEST_CASE("a pipeline answers in order, and one refusal fails it without upsetting the next") {
  const TestRedis redis;
  Client client({.url = redis.url(), .connections = 1});
  std::vector<Command> commands;
  for (int i = 0; i < 1'000; ++i) commands.push_back({"INCR", "n"});
  const auto replies = client.Pipeline(commands);
  REQUIRE_THAT(replies.status(), IsOk());
  for (std::size_t i = 0; i < commands.size(); ++i) CHECK((*replies)[i].integer == static_cast<std::int64_t>(i) + 1);
  CHECK_FALSE(client.Pipeline({{"SET", "s", "x"}, {"INCR", "s"}, {"GET", "n"}}).ok());
  CHECK(Text(client.Run({"GET", "n"})) == "1000");
  CHECK(client.Pipeline({})->empty());
}

TEST_CASE("scripts run, also when Redis has forgotten them") {
  const TestRedis redis;
  Client client({.url = redis.url()});
  constexpr std::string_view kLua = "return redis.call('INCRBY', KEYS[1], ARGV[1])";
  CHECK(client.Script(kLua, {"n"}, {"5"})->integer == 5);
  REQUIRE_THAT(client.Run({"SCRIPT", "FLUSH"}).status(), IsOk());
  CHECK(client.Script(kLua, {"n"}, {"5"})->integer == 10);
  CHECK(client.Script(kLua, {"n"}, {"5"})->integer == 15);
}

TEST_CASE("a stream is read from a position, in bounded pieces") {
  const TestRedis redis;
  Client client({.url = redis.url()});
  for (const char* symbol : {"AAPL", "MSFT", "IBM"}) {
    REQUIRE_THAT(client.Run({"XADD", "ticks", "*", "symbol", symbol, "bytes", std::string("\0", 1)}).status(), IsOk());
  }
  const auto first = client.ReadStream("ticks", "0-0", 2, 0ms);
  REQUIRE_THAT(first.status(), IsOk());
  REQUIRE(first->size() == 2);
  REQUIRE((*first)[1].Find("symbol") != nullptr);
  CHECK(*(*first)[1].Find("symbol") == "MSFT");
  CHECK(*(*first)[1].Find("bytes") == std::string("\0", 1));
  CHECK((*first)[1].Find("nothing") == nullptr);
  const auto rest = client.ReadStream("ticks", (*first)[1].id, 100, 0ms);
  REQUIRE(rest->size() == 1);
  CHECK(*(*rest)[0].Find("symbol") == "IBM");
  CHECK(client.ReadStream("ticks", (*rest)[0].id, 100, 10ms)->empty());
  CHECK(client.ReadStream("none", "0-0", 100, 0ms)->empty());
}

TEST_CASE("a reader that waits is woken by the first entry, though it waits longer than the timeout") {
  const TestRedis redis;
  Client client({.url = redis.url(), .connections = 2, .timeout = 300ms});
  CHECK(client.ReadStream("ticks", "$", 1, 900ms)->empty());
  absl::StatusOr<std::vector<StreamEntry>> read = std::vector<StreamEntry>();
  std::thread reader([&] { read = client.ReadStream("ticks", "$", 10, 60s); });
  CHECK(testing::Eventually(30s, [&] { return redis.HasBlockedClient(); }));
  REQUIRE_THAT(client.Run({"XADD", "ticks", "*", "symbol", "AAPL"}).status(), IsOk());
  reader.join();
  REQUIRE_THAT(read.status(), IsOk());
  CHECK(read->size() == 1);
}

TEST_CASE("connections cut while they rest are replaced unnoticed") {
  const TestRedis redis;
  Client client({.url = redis.url(), .connections = 1});
  for (int i = 0; i < 3; ++i) {
    CHECK_THAT(client.Ping(), IsOk());
    redis.CutClients();
  }
  CHECK_THAT(client.Ping(), IsOk());
}

TEST_CASE("a connection cut while Redis owes an answer is UNAVAILABLE, and the next works") {
  const TestRedis redis;
  Client client({.url = redis.url(), .connections = 1});
  absl::Status status;
  std::thread waiter([&] { status = client.RunBlocking({"BLPOP", "nothing", "60"}, 60s).status(); });
  CHECK(testing::Eventually(30s, [&] { return redis.HasBlockedClient(); }));
  redis.CutClients();
  waiter.join();
  CHECK_THAT(status, HasReason(Reason::kUNAVAILABLE));
  CHECK_THAT(client.Ping(), IsOk());
}

TEST_CASE("an answer that does not come in time is UNAVAILABLE, and never taken for the next one's") {
  const TestRedis redis;
  Client client({.url = redis.url(), .connections = 1, .timeout = 100ms});
  CHECK_THAT(client.Run({"BLPOP", "nothing", "60"}).status(), HasReason(Reason::kUNAVAILABLE));
  REQUIRE_THAT(client.Run({"SET", "key", "own"}).status(), IsOk());
  CHECK(Text(client.Run({"GET", "key"})) == "own");
}

TEST_CASE("a Redis that is not there is UNAVAILABLE; a URL that cannot be read says so without itself") {
  Client nowhere({.url = "redis://127.0.0.1:1", .connections = 1, .timeout = 200ms});
  CHECK_THAT(nowhere.Ping(), HasReason(Reason::kUNAVAILABLE));
  Client no_socket({.url = "unix:///nowhere/redis.sock?db=2", .connections = 1, .timeout = 200ms});
  CHECK_THAT(no_socket.Ping(), HasReason(Reason::kUNAVAILABLE));
  for (const char* url : {"http://:secret@x", "redis://:secret@", "redis://:secret@h:99999", "redis://:secret@h/x",
                          "unix://secret", "secret"}) {
    Client unreadable({.url = url});
    CHECK_THAT(unreadable.Ping(), HasReason(Reason::kINVALID_ARGUMENT));
    CHECK(MessageOf(unreadable.Ping()).find("secret") == std::string_view::npos);
  }
}

TEST_CASE("a password in the URL is used") {
  const TestRedis redis;
  Client client({.url = redis.url()});
  REQUIRE_THAT(client.Run({"ACL", "SETUSER", "guest", "on", ">p@ss:/word", "~*", "+@all"}).status(), IsOk());
  const std::string address = redis.url().substr(std::string("redis://").size());
  Client guest({.url = "redis://guest:p%40ss%3A%2Fword@" + address});
  CHECK(Text(guest.Run({"ACL", "WHOAMI"})) == "guest");
  Client wrong({.url = "redis://guest:other@" + address});
  CHECK_FALSE(wrong.Ping().ok());
  REQUIRE_THAT(client.Run({"ACL", "DELUSER", "guest"}).status(), IsOk());
}

}  // namespace papertape::redis
