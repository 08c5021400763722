#include "gateway/journal_stream.h"

#include "tests/support/catch.h"
#include "tests/unit/gateway/fake_suite.h"
#include "tests/unit/gateway/raw_client.h"
#include "tests/unit/gateway/ws_client.h"

namespace papertape::gateway {
namespace {

using Catch::Matchers::Contains;
using testing::FakeSuite;
using testing::Get;
using testing::RawClient;
using testing::WsClient;

// Waits until the board has the symbol: a subscription to it then needs no look-up.
void QuoteAndWait(FakeSuite& suite, const std::string& symbol, std::int64_t price_micros) {
  suite.Quote(symbol, price_micros);
  const Instant deadline = SystemClock().Steady() + testing::kPatience;
  while (SystemClock().Steady() < deadline) {
    const auto response = RawClient(suite.port()).Ask(Get("/market/live/" + symbol));
    if (response && response->body.find("simulator") != std::string::npos) return;
  }
  FAIL("the quote did not arrive");
}

TEST_CASE("prices come to whoever subscribes, at once and as they change") {
  FakeSuite suite;
  QuoteAndWait(suite, "AAPL", 150'250'000);
  WsClient client(suite.port(), "/ws/5");
  REQUIRE(client.status() == 101);
  client.Send(R"({"type":"subscribe","tickers":["AAPL"]})");
  const std::string first = client.Read().value_or("");
  CHECK_THAT(first,
             Catch::Matchers::StartsWith(R"({"type":"price_update","ticker":"AAPL","price":150.25,"timestamp":"2)"));
  suite.Quote("MSFT", 1'000'000);
  suite.Quote("AAPL", 151'000'000);
  CHECK_THAT(client.Read().value_or(""), Contains(R"("ticker":"AAPL","price":151,)"));
  client.Send(R"({"type":"unsubscribe","tickers":["AAPL"]})");
  client.Send(R"({"type":"ping"})");
  CHECK(client.ReadUntil("pong") == R"({"type":"pong"})");
  suite.Quote("AAPL", 152'000'000);
  suite.Quote("GOOG", 1'000'000);
  client.Send(R"({"type":"subscribe","tickers":["GOOG"]})");
  CHECK_THAT(client.Read().value_or(""), Contains("GOOG"));
}

TEST_CASE("who subscribes after the market has turned gets no price from before") {
  FakeSuite suite;
  const Timestamp then = *ParseRfc3339("2008-10-01T14:00:00Z");
  QuoteAndWait(suite, "AAPL", 150'250'000);
  WsClient early(suite.port(), "/ws/5");
  early.Send(R"({"type":"subscribe","tickers":["AAPL","MSFT"]})");
  CHECK_THAT(early.Read().value_or(""), Contains(R"("price":150.25,)"));
  suite.ReplayedQuote(1, then, "MSFT", 25'000'000);
  CHECK_THAT(early.Read().value_or(""), Contains(R"("ticker":"MSFT","price":25,"timestamp":"2008-10-01T14:00:00Z")"));

  WsClient late(suite.port(), "/ws/5");
  late.Send(R"({"type":"subscribe","tickers":["AAPL"]})");
  suite.ReplayedQuote(1, then, "AAPL", 4'000'000);
  CHECK_THAT(late.Read().value_or(""), Contains(R"("ticker":"AAPL","price":4,)"));
}

TEST_CASE("an alert goes to its owner's sockets and to nobody else's") {
  FakeSuite suite;
  WsClient by_header(suite.port(), "/ws/5", FakeSuite::TokenOf(5));
  WsClient by_query(suite.port(), "/api/v1/ws/me?token=" + FakeSuite::TokenOf(5));
  WsClient by_message(suite.port(), "/ws/user5@example.com/");
  WsClient stranger(suite.port(), "/ws/6", FakeSuite::TokenOf(6));
  WsClient nobody(suite.port(), "/ws/5");
  by_message.Send(R"({"type":"auth","token":")" + FakeSuite::TokenOf(5) + R"("})");
  for (WsClient* client : {&by_header, &by_query, &by_message}) {
    REQUIRE(client->status() == 101);
    CHECK(client->Read() == R"({"type":"authenticated","user_id":5})");
  }
  CHECK(stranger.Read() == R"({"type":"authenticated","user_id":6})");
  suite.Alert(5, "Stop loss triggered for AAPL at $148.50");
  for (WsClient* client : {&by_header, &by_query, &by_message}) {
    CHECK(
        client->Read() ==
        R"({"type":"alert","ticker":"AAPL","trade_id":"01TRADE","message":"Stop loss triggered for AAPL at $148.50"})");
  }
  suite.Alert(6, "yours");
  CHECK_THAT(stranger.Read().value_or(""), Contains("yours"));
  nobody.Send(R"({"type":"ping"})");
  CHECK(nobody.Read() == R"({"type":"pong"})");
}

TEST_CASE("a token that does not fit the address is refused, before the upgrade or after") {
  FakeSuite suite;
  CHECK(WsClient(suite.port(), "/ws/6", FakeSuite::TokenOf(5)).status() == 403);
  CHECK(WsClient(suite.port(), "/ws/5", "forged").status() == 401);
  CHECK(WsClient(suite.port(), "/ws/5?token=" + FakeSuite::TokenOf(5, -std::chrono::hours(1))).status() == 401);
  WsClient foreign(suite.port(), "/ws/6");
  foreign.Send(R"({"type":"auth","token":")" + FakeSuite::TokenOf(5) + R"("})");
  CHECK_THAT(foreign.Read().value_or(""), Contains(R"({"type":"error")"));
  CHECK(foreign.CloseCode() == 4403);
  WsClient forged(suite.port(), "/ws/5");
  forged.Send(R"({"type":"auth","token":"forged"})");
  CHECK(forged.CloseCode() == 4401);
}

TEST_CASE("the sockets of a session are closed when it ends, whatever way its token came, and no others") {
  FakeSuite suite;
  WsClient by_header(suite.port(), "/ws/5", FakeSuite::TokenOf(5));
  WsClient by_message(suite.port(), "/ws/5");
  by_message.Send(R"({"type":"auth","token":")" + FakeSuite::TokenOf(5) + R"("})");
  WsClient other(suite.port(), "/ws/6", FakeSuite::TokenOf(6));
  WsClient nobody(suite.port(), "/ws/5");
  for (WsClient* client : {&by_header, &by_message, &other}) {
    CHECK_THAT(client->Read().value_or(""), Contains("authenticated"));
  }
  suite.gateway().revocations().Revoke("s5", SystemClock().Now() + std::chrono::minutes(10));
  for (WsClient* client : {&by_header, &by_message}) {
    CHECK(client->Read() == R"({"type":"error","message":"the session has ended"})");
    CHECK(client->CloseCode() == 4401);
  }
  for (WsClient* client : {&other, &nobody}) {
    client->Send(R"({"type":"ping"})");
    CHECK(client->Read() == R"({"type":"pong"})");
  }
  CHECK(WsClient(suite.port(), "/ws/5", FakeSuite::TokenOf(5)).status() == 401);
}

TEST_CASE("what is not understood is answered with an error, and the connection stays") {
  FakeSuite suite;
  WsClient client(suite.port(), "/ws/5");
  for (const char* message : {"nonsense", "[]", "{}", R"({"type":5})", R"({"type":"dance"})", R"({"type":"subscribe"})",
                              R"({"type":"subscribe","tickers":"AAPL"})", R"({"type":"subscribe","tickers":[5]})",
                              R"({"type":"subscribe","tickers":[""]})", R"({"type":"subscribe","tickers":["NOPE"]})",
                              R"({"type":"subscribe","tickers":["A ticker that is far too long to be one"]})"}) {
    CAPTURE(message);
    client.Send(message);
    CHECK_THAT(client.Read().value_or(""), Contains(R"({"type":"error","message":)"));
  }
  client.Send(R"({"type":"subscribe","tickers":["NOPE"]})");
  CHECK_THAT(client.Read().value_or(""), Contains("NOPE"));
  client.Send(R"({"type":"ping"})");
  CHECK(client.Read() == R"({"type":"pong"})");
}

TEST_CASE("a ticker that exists but has no quote yet may be subscribed to") {
  FakeSuite suite;
  WsClient client(suite.port(), "/ws/5");
  client.Send(R"({"type":"subscribe","tickers":[".quiet"]})");
  // The look-up takes a moment; prices that come before it is done are seen by the subscription itself.
  suite.Quote("^QUIET", 3'000'000);
  CHECK_THAT(client.Read().value_or(""), Contains(R"("ticker":"^QUIET","price":3,)"));
}

TEST_CASE("tickers and sockets have limits that say so") {
  FakeSuite suite;
  market_data::v1::QuoteBatch batch;
  for (std::size_t i = 0; i <= JournalStream::kMostTickers; ++i) suite.Quote("S" + std::to_string(i), 1'000'000);
  QuoteAndWait(suite, "LAST", 1'000'000);
  std::string tickers;
  for (std::size_t i = 0; i <= JournalStream::kMostTickers; ++i) {
    tickers += (i == 0 ? "\"S" : ",\"S") + std::to_string(i) + '"';
  }
  WsClient greedy(suite.port(), "/ws/5");
  greedy.Send(R"({"type":"subscribe","tickers":[)" + tickers + "]}");
  CHECK_THAT(greedy.ReadUntil("error"), Contains("at most 500 tickers; S500"));
  std::vector<std::unique_ptr<WsClient>> sockets;
  for (int i = 0; i < StreamLimits().of_a_user; ++i) {
    sockets.push_back(std::make_unique<WsClient>(suite.port(), "/ws/5", FakeSuite::TokenOf(5)));
    CHECK_THAT(sockets.back()->Read().value_or(""), Contains("authenticated"));
  }
  WsClient one_too_many(suite.port(), "/ws/5", FakeSuite::TokenOf(5));
  CHECK(one_too_many.CloseCode() == 1008);
  sockets.front()->Close();
  sockets.erase(sockets.begin());
  // The place that was given back can be taken; the server may need a moment to notice.
  const Instant deadline = SystemClock().Steady() + testing::kPatience;
  bool again = false;
  while (!again && SystemClock().Steady() < deadline) {
    WsClient next(suite.port(), "/ws/5", FakeSuite::TokenOf(5));
    again = next.Read().value_or("").find("authenticated") != std::string::npos;
  }
  CHECK(again);
}

TEST_CASE("an address has a number of streams, whoever sits behind it") {
  FakeSuite suite([](Config& config) { config.streams.of_an_address = 2; });
  auto first = std::make_unique<WsClient>(suite.port(), "/ws/5");
  const WsClient second(suite.port(), "/ws/6", FakeSuite::TokenOf(6));
  const std::string handshake =
      "GET /ws/7 HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  const auto status = [&] {
    testing::RawClient client(suite.port());
    client.Send(handshake);
    return client.Read().value_or(testing::RawResponse()).status;
  };
  CHECK(status() == 429);
  first.reset();
  const Instant deadline = SystemClock().Steady() + testing::kPatience;
  int now = 0;
  while ((now = status()) != 101 && SystemClock().Steady() < deadline) {
  }
  CHECK(now == 101);
}

TEST_CASE("a slow reader gets the newest price of each ticker, and every alert") {
  FakeSuite suite;
  WsClient client(suite.port(), "/ws/5", FakeSuite::TokenOf(5));
  CHECK_THAT(client.Read().value_or(""), Contains("authenticated"));
  QuoteAndWait(suite, "AAPL", 1'000'000);
  client.Send(R"({"type":"subscribe","tickers":["AAPL"]})");
  for (int i = 2; i <= 5'000; ++i) {
    suite.Quote("AAPL", std::int64_t{i} * 1'000'000);
    if (i % 500 == 0) suite.Alert(5, "alert " + std::to_string(i));
  }
  int prices = 0;
  int alerts = 0;
  std::string message;
  while (message.find(R"("price":5000,)") == std::string::npos || alerts < 10) {
    const auto next = client.Read();
    REQUIRE(next);
    if (next->find("price_update") != std::string::npos) message = *next;
    if (next->find("price_update") != std::string::npos) ++prices;
    if (next->find("alert") != std::string::npos) ++alerts;
  }
  CHECK(alerts == 10);
  CHECK(prices < 5'000);
}

TEST_CASE("a request that is no handshake is told how to make one") {
  FakeSuite suite;
  RawClient client(suite.port());
  const auto response = client.Ask(Get("/ws/5"));
  REQUIRE(response);
  CHECK(response->status == 400);
  CHECK_THAT(response->body, Contains("speaks WebSocket"));
  CHECK(client
            .Ask(Get("/ws/5",
                     "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"))
            ->status == 400);
  CHECK(client
            .Ask(Get("/ws/5",
                     "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"))
            ->Header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("frames that break the protocol end the connection with the code for it") {
  FakeSuite suite;
  const auto code_after = [&](std::string_view bytes) {
    RawClient client(suite.port());
    client.Ask(Get("/ws/5",
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    client.Send(bytes);
    while (client.received().size() < 4 && client.Receive()) {
    }
    REQUIRE(client.received().size() >= 4);
    CHECK(client.received()[0] == '\x88');
    return static_cast<unsigned char>(client.received()[2]) * 256 + static_cast<unsigned char>(client.received()[3]);
  };
  CHECK(code_after(std::string("\x81\x01x", 3)) == 1002);                            // not masked
  CHECK(code_after(std::string("\xC1\x80\0\0\0\0", 6)) == 1002);                     // reserved bit
  CHECK(code_after(std::string("\x83\x80\0\0\0\0", 6)) == 1002);                     // unknown opcode
  CHECK(code_after(std::string("\x80\x80\0\0\0\0", 6)) == 1002);                     // continues nothing
  CHECK(code_after(std::string("\x09\x80\0\0\0\0", 6)) == 1002);                     // fragmented ping
  CHECK(code_after(std::string("\x82\x80\0\0\0\0", 6)) == 1003);                     // binary
  CHECK(code_after(std::string("\x81\x81\0\0\0\0\xFF", 7)) == 1007);                 // not UTF-8
  CHECK(code_after(std::string("\x81\xFF\0\0\0\0\0\x10\0\0\0\0\0\0", 14)) == 1009);  // a megabyte
  CHECK(code_after(std::string("\x88\x81\0\0\0\0x", 7)) == 1002);                    // a close code of one byte
  CHECK(code_after(std::string("\x88\x82\0\0\0\0\x03\xE8", 8)) == 1000);             // goodbye
}

TEST_CASE("stopping says goodbye to every socket") {
  FakeSuite suite;
  WsClient client(suite.port(), "/ws/5");
  client.Send(R"({"type":"ping"})");
  CHECK(client.Read() == R"({"type":"pong"})");
  std::thread stop([&] { suite.gateway().Stop(); });
  CHECK(client.CloseCode() == 1001);
  stop.join();
}

}  // namespace
}  // namespace papertape::gateway
