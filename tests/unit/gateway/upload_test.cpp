// Bodies larger than usual, forms and files, through the whole gateway.
#include "gateway/file_answer.h"
#include "gateway/upload_places.h"
#include "tests/support/matchers.h"
#include "tests/unit/gateway/fake_suite.h"
#include "tests/unit/gateway/raw_client.h"

namespace papertape::gateway {
namespace {

using Catch::Matchers::Contains;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::FakeSuite;
using testing::Get;
using testing::RawClient;
using testing::RawResponse;

constexpr std::size_t kRouteLimit = 3'000'000;  // of POST /pictures

std::string Bearer(std::int64_t user_id = 5) { return "Authorization: Bearer " + FakeSuite::TokenOf(user_id) + "\r\n"; }

std::string Form(const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; name=title\r\n\r\nsea\r\n"
         "--b\r\nContent-Disposition: form-data; name=file; filename=sea.png\r\n\r\n" +
         content + "\r\n--b--\r\n";
}

// The head of a POST of that many bytes.
std::string Head(const std::string& headers, std::size_t length, const std::string& path = "/pictures") {
  return "POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: multipart/form-data; boundary=b\r\n" + headers +
         "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

RawResponse Ask(const FakeSuite& suite, const std::string& request) {
  RawClient client(suite.port());
  const auto response = client.Ask(request);
  REQUIRE(response);
  return *response;
}

TEST_CASE("a form with a file of more than a megabyte reaches its service") {
  FakeSuite suite;
  const std::string form = Form(std::string(2'000'000, 'x'));
  const RawResponse answer = Ask(suite, Head(Bearer(), form.size()) + form);
  CHECK(answer.status == 200);
  CHECK_THAT(answer.body, Contains("sea sea.png 2000000"));
}

TEST_CASE("a large body may come chunked, byte by byte at its edges, and the connection goes on") {
  FakeSuite suite;
  RawClient client(suite.port());
  const std::string form = Form(std::string(1'500'000, 'x'));
  client.Send("POST /pictures HTTP/1.1\r\nHost: test\r\nContent-Type: multipart/form-data; boundary=b\r\n" + Bearer() +
              "Transfer-Encoding: chunked\r\n\r\n");
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t size =
        at < 100 || at + 100 > form.size() ? 1 : std::min<std::size_t>(60'000, form.size() - 100 - at);
    char length[16];
    std::snprintf(length, sizeof length, "%zx\r\n", std::max<std::size_t>(size, 1));
    REQUIRE(client.Send(length + form.substr(at, std::max<std::size_t>(size, 1)) + "\r\n"));
    at += std::max<std::size_t>(size, 1);
  }
  client.Send("0\r\n\r\n");
  const auto answer = client.Read();
  REQUIRE(answer);
  CHECK_THAT(answer->body, Contains("sea sea.png 1500000"));
  CHECK(client.Ask(Get("/tools/saw"))->status == 200);
}

TEST_CASE("a large body is for a route that takes one, and for whoever is signed in") {
  FakeSuite suite;
  const auto refused = [&](const std::string& request) {
    RawClient client(suite.port());
    client.Send(request);  // the head alone: nothing of the body is waited for
    const auto answer = client.Read();
    REQUIRE(answer);
    CHECK(client.Ended());
    return answer->status;
  };
  CHECK(refused(Head("", 2'000'000)) == 401);
  CHECK(refused(Head("Authorization: Bearer forged\r\n", 2'000'000)) == 401);
  CHECK(refused(Head("Authorization: Bearer " + FakeSuite::TokenOf(5, std::chrono::seconds(-100)) + "\r\n",
                     2'000'000)) == 401);
  CHECK(refused(Head(Bearer(), kRouteLimit + 1)) == 413);
  CHECK(refused(Head(Bearer(), 2'000'000, "/tools/create")) == 413);
  CHECK(refused(Head(Bearer(), 2'000'000, "/nowhere")) == 413);
  CHECK(suite.workshop().calls() == 0);
}

TEST_CASE("a chunked body is refused where it passes its route's limit") {
  FakeSuite suite;
  RawClient client(suite.port());
  client.Send("POST /pictures HTTP/1.1\r\nHost: test\r\n" + Bearer() + "Transfer-Encoding: chunked\r\n\r\n");
  bool sent = true;
  for (std::size_t total = 0; sent && total <= kRouteLimit; total += 100'000) {
    sent = client.Send("186A0\r\n" + std::string(100'000, 'x') + "\r\n");
  }
  const auto answer = client.Read();
  REQUIRE(answer);
  CHECK(answer->status == 413);
}

TEST_CASE("a client that waits for permission gets it for a large body only where it may send one") {
  FakeSuite suite;
  RawClient client(suite.port());
  const std::string form = Form(std::string(2'000'000, 'x'));
  client.Send(Head(Bearer() + "Expect: 100-continue\r\n", form.size()));
  CHECK(client.Read(true)->status == 100);
  client.Send(form);
  CHECK(client.Read()->status == 200);
  CHECK(Ask(suite, Head("Expect: 100-continue\r\n", 2'000'000)).status == 401);
}

TEST_CASE("one user uploads twice at once, all users together as often as the setting says") {
  FakeSuite suite([](Config& config) { config.uploads = 3; });
  std::vector<std::unique_ptr<RawClient>> clients;
  const auto begin = [&](std::int64_t user_id) {
    clients.push_back(std::make_unique<RawClient>(suite.port()));
    clients.back()->Send(Head(Bearer(user_id) + "Expect: 100-continue\r\n", 2'000'000));
    return clients.back()->Read(true);
  };
  CHECK(begin(5)->status == 100);
  CHECK(begin(5)->status == 100);
  const auto third = begin(5);
  CHECK(third->status == 429);
  CHECK_FALSE(third->Header("Retry-After").empty());
  CHECK(begin(6)->status == 100);
  CHECK(begin(7)->status == 503);
  // Small requests pass beside them.
  CHECK(Ask(suite, Get("/tools/saw")).status == 200);
  // A place is free again once its upload has ended, however it ends.
  clients[0]->HangUp();
  const Instant deadline = SystemClock().Steady() + testing::kPatience;
  int status = 0;
  while (status != 100 && SystemClock().Steady() < deadline) status = begin(7)->status;
  CHECK(status == 100);
}

TEST_CASE("places are counted by user and in all, and given back") {
  UploadPlaces places(3);
  auto first = places.Take(1);
  auto second = places.Take(1);
  REQUIRE_THAT(second.status(), IsOk());
  CHECK_THAT(places.Take(1).status(), HasReason(Reason::kRATE_LIMITED));
  const auto other = places.Take(2);
  CHECK_THAT(places.Take(3).status(), HasReason(Reason::kOVERLOADED));
  first->reset();
  CHECK_THAT(places.Take(3).status(), IsOk());
  CHECK_THAT(places.Take(1).status(), IsOk());
}

TEST_CASE("a file is answered as it is, to be saved and never run") {
  FakeSuite suite;
  const RawResponse picture = Ask(suite, Get("/pictures/sea"));
  CHECK(picture.status == 200);
  CHECK(picture.Header("Content-Type") == "image/png");
  CHECK(picture.Header("Content-Disposition") == "attachment; filename=\"sea.png\"; filename*=UTF-8''sea.png");
  CHECK(picture.Header("X-Content-Type-Options") == "nosniff");
  CHECK(picture.Header("Cache-Control") == "no-store");
  CHECK(picture.body == std::string(5, '\0'));
  CHECK(Ask(suite, Get("/pictures/page")).Header("Content-Type") == "application/octet-stream");
  CHECK(Ask(suite, Get("/pictures/large")).body.size() == 10 << 20);
}

TEST_CASE("a file's name cannot leave its header") {
  CHECK(AttachmentNamed("") == "attachment");
  CHECK(AttachmentNamed("a\"\\\r\nX: y\xc3\x84.pdf") ==
        "attachment; filename=\"a____X: y__.pdf\"; filename*=UTF-8''a%22%5C%0D%0AX%3A%20y%C3%84.pdf");
}

}  // namespace
}  // namespace papertape::gateway
