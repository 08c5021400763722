#include "gateway/rate_limiter.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/catch.h"

namespace papertape::gateway {
namespace {

using boost::asio::ip::make_address;
using std::chrono::seconds;

constexpr auto kDefault = api::v1::RATE_CLASS_UNSPECIFIED;

// A limiter in memory with limits of its own.
class Limiter {
 public:
  explicit Limiter(RateLimits limits) : limits_(limits) {}
  RateDecision Count(api::v1::RateClass rate_class, std::int64_t user_id, const boost::asio::ip::address& client,
                     Instant now, std::string_view api_key = "") {
    return memory_.Count(BucketOf(limits_, rate_class, {.user_id = user_id, .api_key = api_key, .client = client}),
                         now);
  }

 private:
  const RateLimits limits_;
  RateLimiter memory_;
};

TEST_CASE("a minute's worth may come at once, then requests are let through evenly") {
  FakeClock clock;
  Limiter limiter({.anonymous = 60});
  const auto client = make_address("192.0.2.1");
  for (int i = 59; i >= 0; --i) {
    const RateDecision decision = limiter.Count(kDefault, 0, client, clock.Steady());
    CHECK(decision.allowed);
    CHECK(decision.limit == 60);
    CHECK(decision.remaining == i);
  }
  const RateDecision refused = limiter.Count(kDefault, 0, client, clock.Steady());
  CHECK_FALSE(refused.allowed);
  CHECK(refused.remaining == 0);
  CHECK(refused.retry_after == seconds(1));
  CHECK(refused.reset == seconds(60));
  clock.Advance(seconds(1));
  CHECK(limiter.Count(kDefault, 0, client, clock.Steady()).allowed);
  CHECK_FALSE(limiter.Count(kDefault, 0, client, clock.Steady()).allowed);
  clock.Advance(seconds(60));
  CHECK(limiter.Count(kDefault, 0, client, clock.Steady()).remaining == 59);
}

TEST_CASE("users and addresses are counted apart, sign-ins by address whoever asks") {
  FakeClock clock;
  Limiter limiter({.user = 1, .anonymous = 1, .login = 1, .notify = 1});
  const auto count = [&](api::v1::RateClass rate_class, std::int64_t user_id, const char* address) {
    return limiter.Count(rate_class, user_id, make_address(address), clock.Steady()).allowed;
  };
  CHECK(count(kDefault, 0, "192.0.2.1"));
  CHECK_FALSE(count(kDefault, 0, "192.0.2.1"));
  CHECK(count(kDefault, 0, "192.0.2.2"));
  CHECK(count(kDefault, 7, "192.0.2.1"));
  CHECK_FALSE(count(kDefault, 7, "192.0.2.9"));
  CHECK(count(api::v1::RATE_CLASS_NOTIFY, 7, "192.0.2.1"));
  CHECK(count(api::v1::RATE_CLASS_UPLOAD, 7, "192.0.2.1"));
  CHECK(count(api::v1::RATE_CLASS_LOGIN, 7, "192.0.2.1"));
  CHECK_FALSE(count(api::v1::RATE_CLASS_LOGIN, 8, "192.0.2.1"));
  CHECK(count(api::v1::RATE_CLASS_NONE, 7, "192.0.2.1"));
  CHECK(count(api::v1::RATE_CLASS_NONE, 7, "192.0.2.1"));
}

TEST_CASE("an API key has a limit of its own beside its owner's") {
  FakeClock clock;
  Limiter limiter({.user = 1});
  const auto client = make_address("192.0.2.1");
  CHECK(limiter.Count(kDefault, 7, client, clock.Steady()).allowed);
  CHECK(limiter.Count(kDefault, 7, client, clock.Steady(), "key-1").allowed);
  CHECK(limiter.Count(kDefault, 7, client, clock.Steady(), "key-2").allowed);
  CHECK_FALSE(limiter.Count(kDefault, 7, client, clock.Steady(), "key-1").allowed);
  CHECK(limiter.Count(kDefault, 8, client, clock.Steady(), "key-1").allowed);
}

TEST_CASE("an IPv6 network is one client") {
  FakeClock clock;
  Limiter limiter({.anonymous = 1});
  CHECK(limiter.Count(kDefault, 0, make_address("2001:db8::1"), clock.Steady()).allowed);
  CHECK_FALSE(limiter.Count(kDefault, 0, make_address("2001:db8::2"), clock.Steady()).allowed);
  CHECK(limiter.Count(kDefault, 0, make_address("2001:db8:0:1::1"), clock.Steady()).allowed);
}

TEST_CASE("no limit says nothing") {
  FakeClock clock;
  Limiter limiter({.user = 0, .anonymous = 0, .login = 0, .notify = 0});
  for (int i = 0; i < 1'000; ++i) {
    const RateDecision decision = limiter.Count(kDefault, 0, make_address("192.0.2.1"), clock.Steady());
    CHECK((decision.allowed && decision.limit == 0));
  }
}

TEST_CASE("the limiter forgets rather than grow") {
  FakeClock clock;
  Limiter limiter({.user = 1});
  const auto client = make_address("192.0.2.1");
  for (std::int64_t user = 1; user <= static_cast<std::int64_t>(2 * RateLimiter::kMostBuckets); ++user) {
    REQUIRE(limiter.Count(kDefault, user, client, clock.Steady()).allowed);
  }
  // Long ago: long forgotten.
  CHECK(limiter.Count(kDefault, 1, client, clock.Steady()).allowed);
}

}  // namespace
}  // namespace papertape::gateway
