// Providers of market data as their documents describe them, each telling the same tape over HTTP in its own words, and
// failing as it is told. Thread-safe.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/http/fake_http.h"
#include "tests/support/market/tape.h"

namespace papertape::testing {

enum class Trouble {
  kNone,
  kBusy,            // 429 without Retry-After
  kBusyForASecond,  // 429 with Retry-After: 1
  kBroken,          // 500
  kCut,             // the connection ends in the middle of the body
  kSlow,            // the body trickles
  kPage,            // a page for people
  kNonsense,        // JSON that says something else
  kUsedUp           // the plan is used up, in the provider's own way
};
std::optional<Trouble> ParseTrouble(std::string_view name);  // "none", "busy", "busy_for_a_second", ...

inline constexpr char kFakeKey[] = "key-of-the-fake";

class FakeProvider {
 public:
  explicit FakeProvider(const Tape& tape) : tape_(tape) {}
  virtual ~FakeProvider() = default;
  FakeProvider(const FakeProvider&) = delete;
  FakeProvider& operator=(const FakeProvider&) = delete;

  // `ask.path` is below the provider's base URL.
  HttpAnswer Answer(const HttpAsk& ask);
  void Suffer(Trouble trouble) { trouble_ = trouble; }

 protected:
  // How it answers when all is well.
  virtual HttpAnswer Tell(const HttpAsk& ask) = 0;
  virtual HttpAnswer TellBusy() = 0;
  virtual HttpAnswer TellUsedUp() = 0;

  const Tape& tape_;

 private:
  std::atomic<Trouble> trouble_{Trouble::kNone};
};

// Aggregates (in pages of `page` bars), grouped daily, tickers, splits and dividends. `url` is where next_url leads.
class FakePolygon : public FakeProvider {
 public:
  FakePolygon(const Tape& tape, std::string url = "https://api.polygon.io", std::size_t page = 50'000)
      : FakeProvider(tape), url_(std::move(url)), page_(page) {}

 protected:
  HttpAnswer Tell(const HttpAsk& ask) override;
  HttpAnswer TellBusy() override;
  HttpAnswer TellUsedUp() override;

 private:
  HttpAnswer Aggregates(const HttpAsk& ask, const std::string& ticker, const std::string& range);
  HttpAnswer Grouped(const std::string& day);
  HttpAnswer Reference(const HttpAsk& ask, const std::string& what);

  const std::string url_;
  const std::size_t page_;
};

// End-of-day prices and meta data.
class FakeTiingo : public FakeProvider {
 public:
  using FakeProvider::FakeProvider;

 protected:
  HttpAnswer Tell(const HttpAsk& ask) override;
  HttpAnswer TellBusy() override;
  HttpAnswer TellUsedUp() override;
};

// The chart, which wants a browser's User-Agent. The third bar has nulls; with `live` the last day is repeated with the
// latest price.
class FakeYahoo : public FakeProvider {
 public:
  explicit FakeYahoo(const Tape& tape, bool live = false) : FakeProvider(tape), live_(live) {}

 protected:
  HttpAnswer Tell(const HttpAsk& ask) override;
  HttpAnswer TellBusy() override;
  HttpAnswer TellUsedUp() override;

 private:
  const bool live_;
};

}  // namespace papertape::testing
