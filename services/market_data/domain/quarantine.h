// What a source said that cannot be true is kept aside, with the reason, and never becomes a bar or a quote.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"

namespace papertape::market {

enum class Suspicion {
  kIncoherent,   // low above high, or open or close outside them
  kNonPositive,  // a price that is zero or less
  kFromTheFuture,
  kOutOfOrder,  // not after what came before it
  kJump,        // further from what came before than the setting allows
  kOutsideDay,  // a quote outside its own day's range
  kNoSession,   // a day on which its exchange did not trade
  kMalformed    // not a number, not a date
};

std::string_view SuspicionName(Suspicion suspicion);  // "incoherent", "non_positive", "from_the_future", ...

struct Suspect {
  std::string symbol;
  std::string span;    // a bar's interval name; "tick" for a quote
  std::string source;  // who said it
  Timestamp time;      // of the bar or quote, as said
  Suspicion suspicion = Suspicion::kMalformed;
  std::string detail;   // for a reader: "low 11 is above high 10"
  std::string content;  // the bar or quote as JSON, at most 1,000 bytes
};

// Thread-safe.
class Quarantine {
 public:
  virtual ~Quarantine() = default;
  virtual absl::Status Add(const std::vector<Suspect>& suspects) = 0;
};

}  // namespace papertape::market
