// Transfers of files show what holds for every protocol; what a server adds, the mail and document tests show.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "libs/clock/clock.h"
#include "libs/curl/transfer.h"
#include "libs/ids/ids.h"
#include "tests/support/catch.h"

namespace papertape::curl {
namespace {

using std::chrono::milliseconds;

// A path that nobody has, gone at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content = "")
      : path_((std::filesystem::temp_directory_path() / RandomHex(SystemRandom(), 8)).string()) {
    if (!content.empty()) std::ofstream(path_) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] std::string url() const { return "file://" + path_; }
  [[nodiscard]] std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

 private:
  const std::string path_;
};

TEST_CASE("what is sent arrives, and is received again with the same handle") {
  Handles handles(1);
  const TemporaryFile file;
  const std::string bytes(300'000, 'x');
  Transfer sending(handles, {.url = file.url(), .protocols = "file", .time = milliseconds(10'000)});
  sending.Send(bytes);
  REQUIRE(sending.Perform() == CURLE_OK);
  CHECK(file.content() == bytes);

  Transfer receiving(
      handles, {.url = file.url(), .protocols = "file", .time = milliseconds(10'000), .most_received = bytes.size()});
  REQUIRE(receiving.Perform() == CURLE_OK);
  CHECK(receiving.received() == bytes);
}

TEST_CASE("more than is taken fails the transfer") {
  Handles handles(0);
  const TemporaryFile file("four");
  Transfer transfer(handles,
                    {.url = file.url(), .protocols = "file", .time = milliseconds(10'000), .most_received = 3});
  CHECK(transfer.Perform() == CURLE_WRITE_ERROR);
}

TEST_CASE("a protocol that was not asked for is refused") {
  Handles handles(0);
  const TemporaryFile file("four");
  Transfer transfer(handles,
                    {.url = file.url(), .protocols = "http,https", .time = milliseconds(10'000), .most_received = 4});
  CHECK(transfer.Perform() == CURLE_UNSUPPORTED_PROTOCOL);
  CHECK(transfer.received().empty());
}

TEST_CASE("a server that accepts and says nothing costs no more than the time") {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(listen(listener, 1) == 0);
  REQUIRE(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);

  Handles handles(1);
  Transfer transfer(handles, {.url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                              .protocols = "http",
                              .time = milliseconds(50)});
  const Instant begun = SystemClock().Steady();
  CHECK(transfer.Perform() == CURLE_OPERATION_TIMEDOUT);
  CHECK(SystemClock().Steady() - begun < std::chrono::seconds(10));
  CHECK(transfer.reply() == 0);
  close(listener);
}

}  // namespace
}  // namespace papertape::curl
