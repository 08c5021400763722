#include "tests/support/market/fakes.h"

#include <array>
#include <utility>

namespace papertape::testing {
namespace {

constexpr std::array<std::pair<std::string_view, Trouble>, 9> kTroubles{
    {{"none", Trouble::kNone},
     {"busy", Trouble::kBusy},
     {"busy_for_a_second", Trouble::kBusyForASecond},
     {"broken", Trouble::kBroken},
     {"cut", Trouble::kCut},
     {"slow", Trouble::kSlow},
     {"page", Trouble::kPage},
     {"nonsense", Trouble::kNonsense},
     {"used_up", Trouble::kUsedUp}}};

}  // namespace

std::optional<Trouble> ParseTrouble(std::string_view name) {
  for (const auto& [known, trouble] : kTroubles) {
    if (known == name) return trouble;
  }
  return std::nullopt;
}

HttpAnswer FakeProvider::Answer(const HttpAsk& ask) {
  switch (trouble_.load()) {
    case Trouble::kNone:
      return Tell(ask);
    case Trouble::kBusy:
      return TellBusy();
    case Trouble::kBusyForASecond: {
      HttpAnswer answer = TellBusy();
      answer.headers["Retry-After"] = "1";
      return answer;
    }
    case Trouble::kBroken:
      return {.status = 500, .body = "Internal Server Error", .content_type = "text/plain"};
    case Trouble::kCut: {
      HttpAnswer answer = Tell(ask);
      answer.body.resize(answer.body.size() / 2);
      answer.delivery = Delivery::kCut;
      return answer;
    }
    case Trouble::kSlow:
      return {.delivery = Delivery::kTrickle};
    case Trouble::kPage:
      return {.body = "<!doctype html><html><body>Will be right back</body></html>", .content_type = "text/html"};
    case Trouble::kNonsense:
      return {.body = R"({"results":{"close":"high"},"chart":[7]})"};
    case Trouble::kUsedUp:
      return TellUsedUp();
  }
  return {};
}

}  // namespace papertape::testing
