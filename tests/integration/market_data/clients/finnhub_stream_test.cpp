#include "services/market_data/clients/finnhub_stream.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "tests/support/eventually.h"
#include "tests/support/market_data/fake_stream.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Certificate;
using papertape::testing::Eventually;
using papertape::testing::FakeStream;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::StreamPeer;
using testing::Dollars;
using testing::MarketFolder;

using Event = FinnhubStream::Event;

constexpr char kKey[] = "a-secret-key";

// What clients have said to the server, and a way to keep a connection open until the test is done with it.
struct AStream {
  std::mutex mutex;
  std::vector<std::string> targets;
  std::vector<std::string> said;
  std::map<Event, int> events;
  FinnhubStream::Options options{.key = kKey, .symbols = {"AAPL", "MSFT"}, .retry_first = 5ms, .retry_longest = 40ms};
  std::unique_ptr<FakeStream> server;
  std::unique_ptr<FinnhubStream> stream;

  void Begin(std::vector<FakeStream::Part> parts, const Certificate* certificate = nullptr) {
    server = std::make_unique<FakeStream>(std::move(parts), certificate);
    const std::string scheme = certificate == nullptr ? "ws" : "wss";
    const auto address = ParseStreamAddress(scheme + "://localhost:" + server->port());
    REQUIRE_THAT(address.status(), IsOk());
    options.address = *address;
    stream = std::make_unique<FinnhubStream>(
        options, [] { return std::uint64_t{7}; },
        [this](Event event) {
          const std::lock_guard lock(mutex);
          ++events[event];
        },
        SystemClock());
    stream->Start();
  }
  // Shakes hands and hears `count` subscriptions.
  void Welcome(StreamPeer& peer, int count) {
    peer.Accept();
    std::string text;
    for (int i = 0; i < count && peer.Read(text); ++i) Say(text);
    const std::lock_guard lock(mutex);
    targets.push_back(peer.target());
  }
  void Say(const std::string& text) {
    const std::lock_guard lock(mutex);
    said.push_back(text);
  }
  // Until the client has gone.
  static void Rest(StreamPeer& peer) {
    std::string text;
    while (peer.Read(text)) {
    }
  }
  int Count(Event event) {
    const std::lock_guard lock(mutex);
    return events[event];
  }
  // The quotes that come, when there are `count`.
  std::vector<Quote> Quotes(std::size_t count) {
    std::vector<Quote> quotes;
    REQUIRE(Eventually([&] {
      for (Quote& quote : stream->Poll(SystemClock().Now())) quotes.push_back(std::move(quote));
      return quotes.size() >= count;
    }));
    return quotes;
  }
};

const std::string kTrades =
    R"({"type":"trade","data":[{"s":"AAPL","p":187.1,"t":1700000000123,"v":100,"c":["1","12"]},)"
    R"({"s":"MSFT","p":370.4099999999999,"t":1700000000124,"v":2.5,"c":null}]})";

TEST_CASE_METHOD(AStream, "each symbol is subscribed to, and trades become quotes with their time and shares") {
  Begin({[this](StreamPeer& peer) {
    Welcome(peer, 2);
    peer.Send(R"({"type":"ping"})");
    peer.Send(kTrades);
    Rest(peer);
  }});
  const std::vector<Quote> quotes = Quotes(2);
  CHECK(said ==
        std::vector<std::string>{R"({"type":"subscribe","symbol":"AAPL"})", R"({"type":"subscribe","symbol":"MSFT"})"});
  CHECK(targets == std::vector<std::string>{std::string("/?token=") + kKey});
  CHECK(quotes[0].symbol == "AAPL");
  CHECK(quotes[0].price == Dollars(187.1));
  CHECK(MicrosSinceEpoch(quotes[0].time) == 1'700'000'000'123'000);
  CHECK(quotes[0].volume == 100);
  CHECK(quotes[0].traded);
  CHECK(quotes[0].source == "finnhub");
  CHECK(quotes[1].price.micros() == 370'410'000);
  CHECK(quotes[1].volume == 2);
  CHECK(stream->SpeaksFor("AAPL", SystemClock().Now()));
  CHECK_FALSE(stream->SpeaksFor("NVDA", SystemClock().Now()));
}

TEST_CASE_METHOD(AStream, "a connection that ends in the middle of a frame is made again, with all subscriptions") {
  const auto broken = [this](StreamPeer& peer) {
    Welcome(peer, 2);
    peer.SendHalfAFrame();
  };
  Begin({broken, broken, [this](StreamPeer& peer) {
           Welcome(peer, 2);
           peer.Send(kTrades);
           Rest(peer);
         }});
  CHECK(Quotes(2).size() == 2);
  CHECK(server->connections() == 3);
  CHECK(said.size() == 6);
  CHECK(Count(Event::kLost) == 2);
}

TEST_CASE_METHOD(AStream, "handshakes that are answered otherwise are tried again; a key that is refused is told") {
  Begin({[](StreamPeer& peer) { peer.Answer(429); }, [](StreamPeer& peer) { peer.Answer(200); },
         [](StreamPeer& peer) { peer.Answer(502); }, [](StreamPeer& peer) { peer.Answer(401); },
         [this](StreamPeer& peer) {
           Welcome(peer, 2);
           peer.Send(kTrades);
           Rest(peer);
         }});
  CHECK(Quotes(2).size() == 2);
  CHECK(Count(Event::kRefused) == 1);
  CHECK(Count(Event::kConnected) == 1);
}

TEST_CASE_METHOD(AStream, "a connection on which nothing comes is dead, pings keep it alive") {
  options.silence = 150ms;
  std::atomic<bool> pong{false};
  Begin({[this, &pong](StreamPeer& peer) {
           Welcome(peer, 2);
           pong = peer.PingPong();
           Rest(peer);
         },
         [this](StreamPeer& peer) {
           Welcome(peer, 2);
           peer.Send(kTrades);
           Rest(peer);
         }});
  CHECK(Quotes(2).size() == 2);
  CHECK(pong);
  CHECK(Count(Event::kLost) >= 1);
}

TEST_CASE_METHOD(AStream, "one symbol too many is given up, and not asked for again") {
  const auto full = [this](StreamPeer& peer) {
    Welcome(peer, 2);
    peer.Send(R"({"type":"error","msg":"Subscribing to too many symbols"})");
    std::string text;
    if (peer.Read(text)) Say(text);
  };
  Begin({full, [this](StreamPeer& peer) {
           Welcome(peer, 1);
           peer.Send(kTrades);
           Rest(peer);
         }});
  CHECK_FALSE(Quotes(1).empty());
  CHECK(said == std::vector<std::string>{
                    R"({"type":"subscribe","symbol":"AAPL"})", R"({"type":"subscribe","symbol":"MSFT"})",
                    R"({"type":"unsubscribe","symbol":"MSFT"})", R"({"type":"subscribe","symbol":"AAPL"})"});
  CHECK(stream->subscriptions() == 1);
  CHECK(Count(Event::kGivenUp) == 1);
}

TEST_CASE_METHOD(AStream, "no more symbols are subscribed to than the plan allows") {
  options.most_symbols = 1;
  Begin({[this](StreamPeer& peer) {
    Welcome(peer, 1);
    peer.Send(kTrades);
    Rest(peer);
  }});
  Quotes(1);
  CHECK(said.size() == 1);
}

TEST_CASE_METHOD(AStream, "what is no frame of theirs harms nobody") {
  Begin({[this](StreamPeer& peer) {
    Welcome(peer, 2);
    for (const char* const nonsense : {"", "{", "[]", "null", R"({"type":7})", R"({"type":"trade"})",
                                       R"({"type":"trade","data":7})", R"({"type":"trade","data":[7,{"p":1}]})"}) {
      peer.Send(nonsense);
    }
    peer.Send(R"({"type":"trade","data":[{"s":"AAPL","p":"a lot"},{"s":"AAPL","p":-5}]})");
    peer.Send(kTrades);
    Rest(peer);
  }});
  const std::vector<Quote> quotes = Quotes(4);
  // A price that cannot be read is zero, which the guard refuses like one below it.
  CHECK(quotes[0].price.is_zero());
  CHECK(quotes[1].price == Dollars(-5));
  CHECK(quotes[3].price.micros() == 370'410'000);
}

TEST_CASE_METHOD(AStream, "it speaks for a while after the connection broke, and then no longer") {
  options.speaks_for = 200ms;
  options.retry_first = 60s;
  Begin({[this](StreamPeer& peer) {
    Welcome(peer, 2);
    peer.Send(kTrades);
  }});
  Quotes(2);
  REQUIRE(Eventually([&] { return Count(Event::kLost) == 1; }));
  CHECK(Eventually([&] { return !stream->SpeaksFor("AAPL", SystemClock().Now()); }));
}

TEST_CASE_METHOD(AStream, "stopping ends a connection that rests, and one that is being waited for") {
  Begin({[this](StreamPeer& peer) {
    Welcome(peer, 2);
    Rest(peer);
  }});
  REQUIRE(Eventually([&] { return Count(Event::kConnected) == 1; }));
  stream->Stop();
  options.retry_first = 60s;
  Begin({[](StreamPeer& peer) { peer.Answer(429); }});
  REQUIRE(Eventually([&] { return server->connections() == 1; }));
  stream->Stop();
  SUCCEED("and it has returned");
}

TEST_CASE_METHOD(AStream, "over TLS the certificate is verified: its signer and its name") {
  const MarketFolder folder{};
  const auto trusting = [&](const Certificate& certificate) {
    options.ca_file = folder.path() + "/ca.pem";
    std::ofstream(options.ca_file) << certificate.Pem();
  };
  const Certificate good("localhost");
  const Certificate other("elsewhere.example");
  const auto play = [this](StreamPeer& peer) {
    Welcome(peer, 2);
    peer.Send(kTrades);
    Rest(peer);
  };
  trusting(good);
  Begin({play}, &good);
  CHECK(Quotes(2).size() == 2);
  stream->Stop();

  // Trusted, but for another name; and for this name, but not trusted.
  const int welcomed = static_cast<int>(targets.size());
  trusting(other);
  Begin({play}, &other);
  CHECK(Eventually([&] { return server->connections() >= 2; }));
  stream->Stop();
  trusting(other);
  Begin({play}, &good);
  CHECK(Eventually([&] { return server->connections() >= 2; }));
  stream->Stop();
  CHECK(static_cast<int>(targets.size()) == welcomed);
}

TEST_CASE("an error of the stream holds no key, and an address must be safe for one") {
  WebSocket socket({.address = *ParseStreamAddress("ws://127.0.0.1:1"), .query = std::string("token=") + kKey});
  const absl::Status opened = socket.Open(2s);
  CHECK_THAT(opened, HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(opened.ToString().find(kKey) == std::string::npos);
  CHECK(ParseStreamAddress("wss://ws.finnhub.io")->port == "443");
  CHECK(ParseStreamAddress("wss://h:99/a/b")->path == "/a/b");
  CHECK(ParseStreamAddress("ws://[::1]:9")->host == "::1");
  for (const char* const wrong : {"", "https://h", "ws://ws.finnhub.io", "wss://", "wss://h:x", "wss://h?token=k",
                                  "wss://u@h", "wss://h:123456"}) {
    CHECK_FALSE(ParseStreamAddress(wrong).ok());
  }
}

}  // namespace
}  // namespace papertape::market
