// Looks at every quote of a source before anyone else does: what cannot be true becomes a suspect.
//
// A jump is judged against the last quote that was believed. A price does sometimes jump; what three quotes in a row
// say, each close to the one before it, is believed. One guard for each source; not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "services/market_data/domain/quarantine.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {

class TickGuard {
 public:
  struct Options {
    std::chrono::milliseconds ahead{5'000};  // a source's clock may be ahead of ours by so much
    std::int64_t jump_percent = 20;          // of the last price; 0: any
  };
  explicit TickGuard(Options options) : options_(options) {}

  // Nothing when the quote is believed, which then is the last one.
  std::optional<Suspect> Check(const Quote& quote, Timestamp now);

 private:
  static constexpr int kAgreeing = 3;
  struct Known {
    Timestamp time;
    Price price;
    Price doubted;     // the last price that was a jump
    int agreeing = 0;  // doubted quotes in a row, each close to the one before it
  };
  [[nodiscard]] bool IsJump(Price from, Price to) const;
  [[nodiscard]] bool IsBelieved(Known& known, Price price) const;

  const Options options_;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace papertape::market
