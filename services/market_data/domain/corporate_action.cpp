#include "services/market_data/domain/corporate_action.h"

#include <algorithm>
#include <utility>

#include "libs/calendar/calendar.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

// Adds `more` to `sum`, which is of the same kind. What does not fit is left out: no share splits a billion times a
// day.
void Merge(CorporateAction& sum, const CorporateAction& more) {
  if (auto* dividend = std::get_if<Dividend>(&sum.what)) {
    const std::int64_t added = std::get<Dividend>(more.what).amount.micros();
    dividend->amount = Price::FromMicros(dividend->amount.micros() + added);
    return;
  }
  auto& split = std::get<Split>(sum.what);
  const auto& other = std::get<Split>(more.what);
  const auto numerator =
      MulDiv(split.numerator.micros(), other.numerator.micros(), kMicrosPerUnit, Rounding::kHalfEven);
  const auto denominator =
      MulDiv(split.denominator.micros(), other.denominator.micros(), kMicrosPerUnit, Rounding::kHalfEven);
  if (!numerator.ok() || !denominator.ok() || *denominator == 0) return;
  split = {.numerator = Quantity::FromMicros(*numerator), .denominator = Quantity::FromMicros(*denominator)};
}

}  // namespace

Timestamp BeginsAt(const CorporateAction& action, const std::string& exchange) {
  const calendar::Calendar* const known = calendar::FindCalendar(exchange);
  if (known == nullptr) return action.ex_date;
  const calendar::Date day(std::chrono::floor<std::chrono::days>(action.ex_date).time_since_epoch());
  return calendar::ToInstant(known->zone(), day, std::chrono::minutes(0));
}

std::vector<CorporateAction> OneOfAKindADay(std::vector<CorporateAction> actions) {
  const auto place = [](const CorporateAction& action) { return std::pair(action.ex_date, action.what.index()); };
  std::stable_sort(actions.begin(), actions.end(),
                   [&](const CorporateAction& a, const CorporateAction& b) { return place(a) < place(b); });
  std::vector<CorporateAction> merged;
  for (CorporateAction& action : actions) {
    if (!merged.empty() && place(merged.back()) == place(action)) {
      Merge(merged.back(), action);
    } else {
      merged.push_back(std::move(action));
    }
  }
  return merged;
}

}  // namespace papertape::market
