// What a company does to its shares. Values only.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::market {

// `numerator` new shares for `denominator` old ones, both positive: 4 and 1 is a 4:1 split, 1 and 10 a reverse one.
struct Split {
  Quantity numerator;
  Quantity denominator;
  friend bool operator==(const Split&, const Split&) = default;
};

// Cash for each share held at the close before the ex-date, positive, in the instrument's currency.
struct Dividend {
  Price amount;
  friend bool operator==(const Dividend&, const Dividend&) = default;
};

// At most one split and one dividend of a symbol on a day.
struct CorporateAction {
  std::string symbol;
  Timestamp ex_date;  // midnight UTC of the first day that trades without it
  std::variant<Split, Dividend> what;
  friend bool operator==(const CorporateAction&, const CorporateAction&) = default;
};

// An action as the other services are told of it.
struct Announcement {
  std::int64_t session = 0;  // of the market whose positions it reaches
  CorporateAction action;
  std::string exchange;
  std::string source;         // the provider
  std::int64_t revision = 1;  // grows with each correction
  bool withdrawn = false;     // told before, and no longer
  bool foretold = true;       // it was known before its ex-date began
};

// When the ex-date begins on the clock of `exchange`; UTC's for an exchange without a calendar.
Timestamp BeginsAt(const CorporateAction& action, const std::string& exchange);

// Of one symbol: by ex-date, on a day the split first; several dividends of a day become their sum (a regular and a
// special one), several splits their product. Pure.
std::vector<CorporateAction> OneOfAKindADay(std::vector<CorporateAction> actions);

}  // namespace papertape::market
