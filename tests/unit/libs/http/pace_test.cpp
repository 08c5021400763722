#include "libs/http/pace.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/catch.h"

namespace papertape::http {
namespace {

using std::chrono::seconds;

TEST_CASE("five a minute go at once, the sixth when the first is a minute old") {
  Pace pace({{.requests = 5, .window = seconds(60)}});
  const Instant start = FakeClock().Steady();
  for (int i = 0; i < 5; ++i) CHECK(pace.Take(start + seconds(i), start + seconds(i)).taken);
  CHECK_FALSE(pace.Take(start + seconds(10), start + seconds(59)).taken);
  CHECK(pace.Take(start + seconds(10), start + seconds(59)).at == start + seconds(60));

  const Pace::Turn sixth = pace.Take(start + seconds(10), start + seconds(60));
  CHECK(sixth.taken);
  CHECK(sixth.at == start + seconds(60));
  CHECK(pace.Take(start + seconds(10), start + seconds(99)).at == start + seconds(61));
}

TEST_CASE("no window of a minute ever holds more than the limit, however the requests fall") {
  constexpr std::int64_t kMost = 7;
  Pace pace({{.requests = kMost, .window = seconds(60)}});
  Instant now = FakeClock().Steady();
  std::vector<Instant> sent;
  for (int i = 0; i < 500; ++i) {
    now += seconds((i * 7919) % 13);
    sent.push_back(pace.Take(now, Instant::max()).at);
  }
  for (std::size_t i = kMost; i < sent.size(); ++i) CHECK(sent[i] - sent[i - kMost] >= seconds(60));
}

TEST_CASE("of several limits all hold") {
  Pace pace({{.requests = 3, .window = seconds(1)}, {.requests = 4, .window = seconds(60)}});
  const Instant start = FakeClock().Steady();
  for (int i = 0; i < 3; ++i) CHECK(pace.Take(start, start).taken);
  CHECK(pace.Take(start, Instant::max()).at == start + seconds(1));
  CHECK(pace.Take(start, Instant::max()).at == start + seconds(60));
  CHECK(pace.Distance() == seconds(15));
}

TEST_CASE("a turn that is given back can be taken") {
  Pace pace({{.requests = 1, .window = seconds(60)}});
  const Instant start = FakeClock().Steady();
  const Pace::Turn turn = pace.Take(start, start);
  CHECK_FALSE(pace.Take(start, start).taken);
  pace.GiveBack(turn);
  CHECK(pace.Take(start, start).taken);
}

TEST_CASE("a pause holds for everybody and is never shortened") {
  Pace pace({});
  const Instant start = FakeClock().Steady();
  pace.PauseUntil(start + seconds(30));
  pace.PauseUntil(start + seconds(10));
  CHECK_FALSE(pace.Take(start, start + seconds(29)).taken);
  CHECK(pace.Take(start, start + seconds(30)).at == start + seconds(30));
}

}  // namespace
}  // namespace papertape::http
