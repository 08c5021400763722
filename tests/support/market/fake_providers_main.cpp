// fake-providers <port> [first day]: a tape from that day (2024-01-02) to yesterday, told by all providers at once, for
// a suite to be pointed at (port 0: any that is free; the first line says which):
// PAPERTAPE_POLYGON_URL=http://127.0.0.1:<port>/polygon, and so on with tiingo and yahoo. The keys are
// `key-of-the-fake`. curl -d "" ".../trouble?provider=polygon&trouble=broken" makes one of them fail, `none` ends that.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "libs/clock/clock.h"
#include "tests/support/market/fakes.h"

namespace papertape::testing {
namespace {

int Serve(int port, Timestamp first) {
  const auto today = std::chrono::floor<std::chrono::days>(SystemClock().Now());
  const Tape tape = MakeTape(first, today - std::chrono::days(1));
  // Where the rest of an answer is said to be: only the path of that counts.
  FakePolygon polygon(tape, "http://127.0.0.1/polygon", 100);
  FakeTiingo tiingo(tape);
  FakeYahoo yahoo(tape, true);
  const std::map<std::string, FakeProvider*> providers{{"polygon", &polygon}, {"tiingo", &tiingo}, {"yahoo", &yahoo}};

  const auto answer = [&](const HttpAsk& ask) -> HttpAnswer {
    if (ask.path == "/trouble") {
      const auto provider = providers.find(ask.Query("provider"));
      const auto trouble = ParseTrouble(ask.Query("trouble"));
      if (provider == providers.end() || !trouble) return {.status = 400, .body = R"({"error":"no such trouble"})"};
      provider->second->Suffer(*trouble);
      return {.body = "{}"};
    }
    const std::size_t slash = std::min(ask.path.find('/', 1), ask.path.size());
    const auto provider = providers.find(ask.path.substr(1, slash - 1));
    if (provider == providers.end()) return {.status = 404, .body = "{}"};
    HttpAsk below = ask;
    below.path.erase(0, slash);
    return provider->second->Answer(below);
  };
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  FakeHttp server(answer, nullptr, port);
  if (server.port() == 0) {
    fmt::print(stderr, "port {} cannot be opened\n", port);
    return 1;
  }
  fmt::print("listening on {}\n", server.url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

}  // namespace
}  // namespace papertape::testing

int main(int count, char** values) {
  const std::vector<std::string> arguments(values, values + count);
  int port = -1;
  if (count > 1) std::from_chars(arguments[1].data(), arguments[1].data() + arguments[1].size(), port);
  const auto first = papertape::ParseDate(count > 2 ? arguments[2] : "2024-01-02");
  if (port < 0 || !first.ok()) {
    fmt::print(stderr, "usage: fake-providers <port> [first day]\n");
    return 2;
  }
  return papertape::testing::Serve(port, *first);
}
