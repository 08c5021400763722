#include <filesystem>
#include <fstream>

#include "libs/http/client.h"
#include "tests/support/http/fake_http.h"
#include "tests/support/matchers.h"

namespace papertape::http {
namespace {

using testing::Certificate;
using testing::FakeHttp;
using testing::HasReason;
using testing::HttpAnswer;
using testing::HttpAsk;

// A PEM file of a test's own.
class PemFile {
 public:
  explicit PemFile(const std::string& text) {
    std::string name = std::filesystem::temp_directory_path() / "papertape-ca.XXXXXX";
    const int descriptor = mkstemp(name.data());
    REQUIRE(descriptor >= 0);
    close(descriptor);
    path_ = name;
    std::ofstream(path_) << text;
  }
  ~PemFile() { std::filesystem::remove(path_); }
  PemFile(const PemFile&) = delete;
  PemFile& operator=(const PemFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

absl::StatusOr<Response> Get(const std::string& url, const std::string& ca_file) {
  rpc::Metrics metrics;
  Client client({.name = "polygon", .base = ParseBaseUrl(url).value(), .ca_file = ca_file}, SystemClock(),
                SeededRandom(1), metrics);
  return client.Get({.path = "/"}, SystemClock().Steady() + std::chrono::seconds(30));
}

HttpAnswer Greet(const HttpAsk& /*ask*/) { return {.body = "{}"}; }

TEST_CASE("a server whose certificate the CA file vouches for is believed") {
  const Certificate certificate("127.0.0.1");
  const PemFile authorities(certificate.Pem());
  FakeHttp server(Greet, &certificate);
  CHECK(Get(server.url(), authorities.path()).value().body == "{}");
}

TEST_CASE("a certificate that nobody vouches for is refused, and so is one of another name") {
  const Certificate certificate("127.0.0.1");
  const Certificate of_another_name("example.com");
  const PemFile authorities(of_another_name.Pem());
  FakeHttp stranger(Greet, &certificate);
  FakeHttp impostor(Greet, &of_another_name);
  for (const std::string& url : {stranger.url(), impostor.url()}) {
    const absl::Status status = Get(url, authorities.path()).status();
    CHECK_THAT(status, HasReason(Reason::kPROVIDER_UNAVAILABLE));
    CHECK(MessageOf(status) == "polygon shows a certificate that is not trusted.");
  }
  CHECK_THAT(Get(stranger.url(), "").status(), HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK_THAT(Get(stranger.url(), "/nowhere.pem").status(), HasReason(Reason::kPROVIDER_UNAVAILABLE));
  CHECK(stranger.asks().empty());
  CHECK(impostor.asks().empty());
}

}  // namespace
}  // namespace papertape::http
