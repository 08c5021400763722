#include "libs/execution/slippage.h"

#include <algorithm>
#include <cmath>

#include "libs/execution/model_text.h"
#include "libs/status/status.h"

namespace papertape::execution {
namespace {

constexpr char kAllowed[] = "none, bps:N, volume_share and impact[:DAYS]";
constexpr std::int64_t kBasisPoint = kRateUnit / 10'000;
constexpr std::int64_t kMostBasisPoints = 1'000;
// LEAN's defaults.
constexpr double kVolumeLimit = 0.025;
constexpr double kPriceImpact = 0.1;
// Table 3 of the paper.
constexpr double kPermanent = 0.314;
constexpr double kTemporary = 0.142;
constexpr double kDaysOutstanding = 200;
constexpr double kUsualVolatility = 0.02;

double ShareOfVolume(Quantity quantity, double volume) {
  if (volume <= 0) return kVolumeLimit;
  return static_cast<double>(quantity.micros()) / static_cast<double>(kMicrosPerUnit) / volume;
}

// The part of the touch by which the fill is worse.
double Estimate(const SlippageModel& model, const Market& market, Quantity quantity) {
  const double share = ShareOfVolume(quantity, market.volume);
  if (model.kind == SlippageModel::Kind::kVolumeShare) {
    const double limited = std::min(share, kVolumeLimit);
    return limited * limited * kPriceImpact;
  }
  const double sigma = market.daily_volatility > 0 ? market.daily_volatility : kUsualVolatility;
  const double permanent = kPermanent / 2 * share * std::pow(kDaysOutstanding, 0.25);
  return sigma * (permanent + kTemporary * std::pow(share / model.days, 0.6));
}

absl::StatusOr<std::int64_t> Slip(const SlippageModel& model, const Market& market, Price touch, Quantity quantity) {
  if (model.kind == SlippageModel::Kind::kNone) return 0;
  if (model.kind == SlippageModel::Kind::kBasisPoints) {
    return MulDiv(touch.micros(), model.rate, kRateUnit, Rounding::kUp);
  }
  const double slip = std::round(static_cast<double>(touch.micros()) * Estimate(model, market, quantity));
  if (!(slip < 9e18)) return Error(Reason::kAMOUNT_OUT_OF_RANGE);
  return static_cast<std::int64_t>(slip);
}

}  // namespace

absl::StatusOr<SlippageModel> ParseSlippage(std::string_view text) {
  PT_ASSIGN_OR_RETURN(const ModelText model, ReadModelText(text));
  const std::size_t numbers = model.numbers.size();
  using Kind = SlippageModel::Kind;
  if (model.name == "none" && numbers == 0) return SlippageModel();
  if (model.name == "bps" && numbers == 1 && model.numbers[0] <= kMostBasisPoints * kMicrosPerUnit) {
    return SlippageModel{.kind = Kind::kBasisPoints, .rate = model.numbers[0] * kBasisPoint / kMicrosPerUnit};
  }
  if (model.name == "volume_share" && numbers == 0) return SlippageModel{.kind = Kind::kVolumeShare};
  if (model.name == "impact" && numbers <= 1) {
    SlippageModel impact{.kind = Kind::kImpact};
    if (numbers == 1) impact.days = static_cast<double>(model.numbers[0]) / static_cast<double>(kMicrosPerUnit);
    if (impact.days > 0) return impact;
  }
  return UnknownModel(text, kAllowed);
}

bool NeedsVolume(const SlippageModel& model) {
  return model.kind == SlippageModel::Kind::kVolumeShare || model.kind == SlippageModel::Kind::kImpact;
}

Price Touch(const Market& market, Side side) {
  return side == Side::kBuy ? market.ask.value_or(market.last) : market.bid.value_or(market.last);
}

absl::StatusOr<Price> FillPrice(const SlippageModel& model, const Market& market, Side side, Quantity quantity) {
  const Price touch = Touch(market, side);
  PT_ASSIGN_OR_RETURN(const std::int64_t slip, Slip(model, market, touch, quantity));
  if (side == Side::kSell) return Price::FromMicros(std::max<std::int64_t>(1, touch.micros() - slip));
  PT_ASSIGN_OR_RETURN(const Money paid, Add(Money::FromMicros(touch.micros()), Money::FromMicros(slip)));
  return Price::FromMicros(paid.micros());
}

}  // namespace papertape::execution
