#include "services/market_data/domain/price_adjustment.h"

#include <algorithm>
#include <chrono>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::int64_t kOne = 1'000'000'000'000'000;

// `factor` times numerator over denominator; as it was when that leaves the range, which no share's history does.
std::int64_t Times(std::int64_t factor, std::int64_t numerator, std::int64_t denominator) {
  const absl::StatusOr<std::int64_t> product = MulDiv(factor, numerator, denominator, Rounding::kHalfEven);
  return product.ok() && *product > 0 ? *product : factor;
}

absl::Status Scale(Price& price, std::int64_t numerator, std::int64_t denominator) {
  PT_ASSIGN_OR_RETURN(const std::int64_t micros, MulDiv(price.micros(), numerator, denominator, Rounding::kHalfEven));
  price = Price::FromMicros(micros);
  return absl::OkStatus();
}

absl::Status ScaleAll(Bar& bar, std::int64_t numerator, std::int64_t denominator) {
  for (Price* const price : {&bar.open, &bar.high, &bar.low, &bar.close}) {
    PT_RETURN_IF_ERROR(Scale(*price, numerator, denominator));
  }
  return absl::OkStatus();
}

}  // namespace

Adjuster::Adjuster(const std::vector<KnownAction>& actions, Timestamp as_of) : knows_actions_(!actions.empty()) {
  const Timestamp today = std::chrono::floor<std::chrono::days>(as_of);
  std::int64_t splits = kOne;
  std::int64_t all = kOne;
  for (auto known = actions.rbegin(); known != actions.rend(); ++known) {
    const CorporateAction& action = known->action;
    if (action.ex_date > today) continue;
    if (const auto* split = std::get_if<Split>(&action.what)) {
      splits = Times(splits, split->denominator.micros(), split->numerator.micros());
      all = Times(all, split->denominator.micros(), split->numerator.micros());
    } else if (const Price paid = std::get<Dividend>(action.what).amount;
               known->close_before && paid < *known->close_before) {
      const std::int64_t close = known->close_before->micros();
      all = Times(all, close - paid.micros(), close);
    }
    steps_.push_back({.ex_date = action.ex_date, .splits = splits, .all = all});
  }
  std::reverse(steps_.begin(), steps_.end());
}

absl::StatusOr<Bar> Adjuster::Adjust(const Bar& bar, Adjusting adjusting) const {
  Bar adjusted = bar;
  if (!knows_actions_) {
    if (adjusting == Adjusting::kAll && bar.close.micros() > 0 && bar.adjusted_close != bar.close) {
      PT_RETURN_IF_ERROR(ScaleAll(adjusted, bar.adjusted_close.micros(), bar.close.micros()));
    }
    return adjusted;
  }
  const Timestamp day = std::chrono::floor<std::chrono::days>(bar.time);
  // Of several actions on a day the first step holds them all.
  const auto step = std::upper_bound(steps_.begin(), steps_.end(), day,
                                     [](Timestamp time, const Step& later) { return time < later.ex_date; });
  const std::int64_t splits = step == steps_.end() ? kOne : step->splits;
  const std::int64_t all = step == steps_.end() ? kOne : step->all;
  adjusted.adjusted_close = bar.close;
  PT_RETURN_IF_ERROR(Scale(adjusted.adjusted_close, all, kOne));
  if (adjusting == Adjusting::kNone) return adjusted;
  PT_RETURN_IF_ERROR(ScaleAll(adjusted, adjusting == Adjusting::kAll ? all : splits, kOne));
  PT_ASSIGN_OR_RETURN(adjusted.volume, MulDiv(bar.volume, kOne, splits, Rounding::kHalfEven));
  return adjusted;
}

bool Adjuster::AnyBetween(Timestamp first, Timestamp last) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [&](const Step& step) { return step.ex_date > first && step.ex_date <= last; });
}

}  // namespace papertape::market
