#include "gateway/http_server.h"

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "gateway/problem.h"
#include "tests/support/matchers.h"
#include "tests/unit/gateway/raw_client.h"

namespace papertape::gateway {
namespace {

using std::chrono::milliseconds;
using testing::Get;
using testing::RawClient;
using testing::WithBody;

// Answers with what it was asked; /later is answered when the test says so, from the test's thread.
class EchoHandler : public HttpHandler {
 public:
  void Handle(const HttpRequest& request, const std::shared_ptr<HttpSession>& session) override {
    if (request.path() == "/later") {
      const std::lock_guard lock(mutex_);
      later_.push_back(session);
      arrived_.notify_all();
      return;
    }
    session->Respond({.body = Describe(request)});
  }
  HttpResponse Refuse(const absl::Status& why, const HttpRequest&, IoThread&) override { return ToProblem(why, "r"); }

  static std::string Describe(const HttpRequest& request) {
    return std::string(request.verb()) + ' ' + std::string(request.path()) + ' ' + std::string(request.query()) + ' ' +
           std::string(request.Header("x-test")) + ' ' + std::to_string(request.body().size());
  }

  // The oldest request to /later.
  std::shared_ptr<HttpSession> TakeLater() {
    std::unique_lock lock(mutex_);
    REQUIRE(arrived_.wait_for(lock, testing::kPatience, [this] { return !later_.empty(); }));
    auto session = later_.front();
    later_.erase(later_.begin());
    return session;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::shared_ptr<HttpSession>> later_;
};

class Fixture {
 public:
  explicit Fixture(HttpServer::Options options = {}) {
    options.listen = "127.0.0.1:0";
    const auto shortest = std::min(options.limits.receive_timeout, options.limits.idle_timeout);
    threads_ = std::make_unique<IoThreads>(2, shortest, SystemClock(), SystemRandom());
    server_ = std::make_unique<HttpServer>(options, *threads_, handler_);
    threads_->Start();
    REQUIRE(server_->Start().ok());
  }
  ~Fixture() {
    server_->Drain(milliseconds(0));
    threads_->Stop();
  }
  RawClient Connect() { return RawClient(server_->port()); }
  EchoHandler& handler() { return handler_; }
  HttpServer& server() { return *server_; }

 private:
  EchoHandler handler_;
  std::unique_ptr<IoThreads> threads_;
  std::unique_ptr<HttpServer> server_;
};

TEST_CASE("requests on one connection are answered one after another") {
  Fixture fixture;
  RawClient client = fixture.Connect();
  for (int i = 0; i < 3; ++i) {
    const auto response = client.Ask(Get("/a/b?c=d#e", "X-Test: yes\r\n"));
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->body == "GET /a/b c=d yes 0");
    CHECK(response->Header("Content-Type") == "application/json");
    CHECK(response->Header("X-Content-Type-Options") == "nosniff");
    CHECK(response->Header("Date").ends_with(" GMT"));
    CHECK(response->Header("Connection").empty());
  }
}

TEST_CASE("a request may arrive in any pieces") {
  Fixture fixture;
  const std::string request = WithBody("POST", "/x", "12345", "X-Test: t\r\n");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{17}}) {
    RawClient client = fixture.Connect();
    for (std::size_t at = 0; at < request.size(); at += piece) client.Send(request.substr(at, piece));
    const auto response = client.Read();
    REQUIRE(response);
    CHECK(response->body == "POST /x  t 5");
  }
}

TEST_CASE("a chunked body may arrive byte by byte, also an empty one") {
  Fixture fixture;
  RawClient client = fixture.Connect();
  for (const char* chunks : {"0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "1;x=y\r\na\r\n0\r\nTrailer: t\r\n\r\n"}) {
    CAPTURE(chunks);
    const std::string request = std::string("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n") + chunks;
    for (const char byte : request) client.Send({&byte, 1});
    const auto response = client.Read();
    REQUIRE(response);
    CHECK(response->status == 200);
  }
}

TEST_CASE("pipelined requests are answered in order, also when one is answered late") {
  Fixture fixture;
  RawClient client = fixture.Connect();
  client.Send(Get("/1") + Get("/later") + WithBody("POST", "/3", "abc") + Get("/4"));
  CHECK(client.Read()->body == "GET /1   0");
  fixture.handler().TakeLater()->Respond({.status = 202, .body = "late"});
  CHECK(client.Read()->status == 202);
  CHECK(client.Read()->body == "POST /3   3");
  CHECK(client.Read()->body == "GET /4   0");
}

TEST_CASE("a connection is handed over also when that is decided later, after what was asked before is answered") {
  Fixture fixture;
  RawClient client = fixture.Connect();
  client.Send(Get("/1") + Get("/later") + "frames");
  CHECK(client.Read()->body == "GET /1   0");
  std::promise<std::string> received;
  std::optional<Wire> taken;
  fixture.handler().TakeLater()->Upgrade(
      [&](Wire wire, const ConnectionSlot&, std::string more, const std::string& unsent) {
        taken.emplace(std::move(wire));
        received.set_value(std::move(more) + unsent);
      });
  CHECK(received.get_future().get() == "frames");
  taken.reset();
  CHECK(client.Ended());
}

TEST_CASE("thousands of pipelined requests with large answers all arrive") {
  Fixture fixture;
  RawClient client = fixture.Connect();
  std::string requests;
  for (int i = 0; i < 3'000; ++i)
    requests += Get("/" + std::to_string(i), "X-Test: " + std::string(1'000, 'x') + "\r\n");
  std::thread sender([&] { client.Send(requests); });
  for (int i = 0; i < 3'000; ++i) {
    const auto response = client.Read();
    REQUIRE(response);
    REQUIRE(response->body.starts_with("GET /" + std::to_string(i) + " "));
  }
  sender.join();
}

TEST_CASE("chunked bodies are read, HEAD has no body, HTTP/1.0 closes unless asked") {
  Fixture fixture;
  RawClient client = fixture.Connect();
  CHECK(client.Ask("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            ->body == "POST /c   5");
  client.Send("HEAD /h HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto head = client.Read(true);
  REQUIRE(head);
  CHECK(head->Header("Content-Length") == "11");
  CHECK(client.Ask("GET /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->Header("Connection") == "keep-alive");
  CHECK(client.Ask("GET /0 HTTP/1.0\r\n\r\n")->Header("Connection") == "close");
  CHECK(client.Ended());
}

TEST_CASE("a body waits for the permission that its client asked for") {
  Fixture fixture;
  RawClient client = fixture.Connect();
  client.Send("PUT /e HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(client.Read()->status == 100);
  CHECK(client.Ask("abc")->body == "PUT /e   3");
}

TEST_CASE("a body over the limit is refused, before and while it comes") {
  Fixture fixture({.limits = {.body_bytes = 1'000}});
  CHECK(fixture.Connect().Ask(WithBody("POST", "/b", std::string(1'000, 'x')))->status == 200);
  // The client that sends all of 20 MB before it reads still hears why.
  RawClient eager = fixture.Connect();
  const auto refused = eager.Ask(WithBody("POST", "/b", std::string(20'000'000, 'x')));
  REQUIRE(refused);
  CHECK(refused->status == 413);
  CHECK(refused->Header("Content-Type") == "application/problem+json");
  CHECK(refused->Header("Connection") == "close");
  RawClient polite = fixture.Connect();
  CHECK(polite.Ask("PUT /e HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 3000\r\n\r\n")->status ==
        413);
  RawClient chunked = fixture.Connect();
  CHECK(chunked
            .Ask("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1'000, 'x') +
                 "\r\n3e8\r\n" + std::string(1'000, 'x') + "\r\n0\r\n\r\n")
            ->status == 413);
}

TEST_CASE("a head over the limit is refused, in one piece or in many") {
  Fixture fixture({.limits = {.head_bytes = 2'000}});
  CHECK(fixture.Connect().Ask(Get("/h", "X-Test: " + std::string(3'000, 'x') + "\r\n"))->status == 431);
  CHECK(fixture.Connect().Ask(Get("/" + std::string(3'000, 'x')))->status == 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 300; ++i) many += "X-Header-" + std::to_string(i) + ": 1\r\n";
  RawClient slow = fixture.Connect();
  for (std::size_t at = 0; at < many.size() && slow.Send(many.substr(at, 40)); at += 40) {
  }
  CHECK(slow.Read()->status == 431);
}

TEST_CASE("what is not HTTP is refused and the connection ended") {
  Fixture fixture;
  for (const std::string& bytes :
       {std::string("nonsense\r\n\r\n"), std::string("GET / HTTP/2.0\r\n\r\n"),
        std::string("GET /a b HTTP/1.1\r\n\r\n"), std::string("GET / HTTP/1.1\r\nA B: c\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nno colon\r\n\r\n"), std::string("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"),
        std::string("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx"),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)}) {
    CAPTURE(bytes);
    RawClient client = fixture.Connect();
    const auto response = client.Ask(bytes);
    REQUIRE(response);
    CHECK(response->status == 400);
    client.HangUp();
  }
}

TEST_CASE("a client that sends a byte now and then is cut after the receive timeout") {
  Fixture fixture({.limits = {.receive_timeout = milliseconds(200)}});
  RawClient client = fixture.Connect();
  const std::string request = WithBody("POST", "/slow", std::string(100'000, 'x'));
  std::atomic<bool> stop = false;
  std::thread dripping([&] {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    for (std::size_t i = 0; i < request.size() && !stop; ++i) {
      if (!client.Send(request.substr(i, 1))) return;
      never.wait_for(lock, milliseconds(5));
    }
  });
  const auto response = client.Read();
  stop = true;
  dripping.join();
  REQUIRE(response);
  CHECK(response->status == 408);
  CHECK(client.Ended());
}

TEST_CASE("connections that rest are closed after the idle timeout, silent ones after the receive timeout") {
  Fixture fixture({.limits = {.receive_timeout = milliseconds(100), .idle_timeout = milliseconds(300)}});
  RawClient silent = fixture.Connect();
  RawClient resting = fixture.Connect();
  CHECK(resting.Ask(Get("/"))->status == 200);
  CHECK(silent.Ended());
  CHECK(resting.Ended());
}

TEST_CASE("a client that does not read its answers is cut") {
  Fixture fixture({.limits = {.receive_timeout = milliseconds(200), .idle_timeout = milliseconds(200)}});
  RawClient client = fixture.Connect();
  const std::string request = Get("/later");
  client.Send(request);
  fixture.handler().TakeLater()->Respond({.body = std::string(64 << 20, 'x')});
  REQUIRE(fixture.server().connections().open() == 1);
  CHECK(const_cast<ConnectionCount&>(fixture.server().connections()).WaitUntilNone(testing::kPatience));
}

TEST_CASE("connections beyond the cap are told to come back") {
  Fixture fixture({.max_connections = 2});
  RawClient first = fixture.Connect();
  RawClient second = fixture.Connect();
  CHECK(first.Ask(Get("/"))->status == 200);
  CHECK(second.Ask(Get("/"))->status == 200);
  RawClient third = fixture.Connect();
  CHECK(third.Read()->status == 503);
  CHECK(third.Ended());
}

TEST_CASE("draining answers what is running, ends what rests, accepts nothing") {
  Fixture fixture;
  // On the first thread, which is told first: once the other's connection has ended, this one knows.
  RawClient busy = fixture.Connect();
  busy.Send(Get("/later"));
  const auto session = fixture.handler().TakeLater();
  RawClient resting = fixture.Connect();
  CHECK(resting.Ask(Get("/"))->status == 200);
  std::thread drain([&] { fixture.server().Drain(testing::kPatience); });
  CHECK(resting.Ended());
  session->Respond({.body = "done"});
  const auto response = busy.Read();
  REQUIRE(response);
  CHECK(response->body == "done");
  CHECK(response->Header("Connection") == "close");
  CHECK(busy.Ended());
  drain.join();
  CHECK(fixture.server().connections().open() == 0);
  CHECK_THROWS(fixture.Connect());
}

TEST_CASE("an answer that comes after its client went away is dropped") {
  Fixture fixture;
  {
    RawClient client = fixture.Connect();
    client.Send(Get("/later"));
    client.HangUp();
  }
  fixture.handler().TakeLater()->Respond({.body = std::string(1 << 20, 'x')});
  CHECK(fixture.Connect().Ask(Get("/"))->status == 200);
}

}  // namespace
}  // namespace papertape::gateway
