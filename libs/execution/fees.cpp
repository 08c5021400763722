#include "libs/execution/fees.h"

#include <algorithm>

#include "libs/execution/india_rates.h"
#include "libs/execution/model_text.h"
#include "libs/status/status.h"

namespace papertape::execution {
namespace {

constexpr char kAllowed[] =
    "none, per_share:FEE[:MINIMUM[:PERCENT]], percent:PERCENT, india_delivery[:PERCENT:CAP] and "
    "india_intraday[:PERCENT:CAP]";
constexpr std::int64_t kIntradayBrokerage = 3 * kOnePercent / 100;
constexpr Money kIntradayCap = Money::FromUnits(20);

absl::StatusOr<Money> Part(Money value, std::int64_t rate) {
  PT_ASSIGN_OR_RETURN(const std::int64_t micros, MulDiv(value.micros(), rate, kRateUnit, Rounding::kUp));
  return Money::FromMicros(micros);
}

absl::Status Append(std::string_view name, Money amount, Fees& fees) {
  if (amount.is_zero()) return absl::OkStatus();
  PT_ASSIGN_OR_RETURN(fees.total, Add(fees.total, amount));
  fees.lines.push_back({name, amount});
  return absl::OkStatus();
}

absl::StatusOr<Money> Commission(const FeeModel& model, const Fill& fill, Money value) {
  if (model.kind == FeeModel::Kind::kPercent) return Part(value, model.rate);
  PT_ASSIGN_OR_RETURN(const std::int64_t micros,
                      MulDiv(model.per_share.micros(), fill.quantity.micros(), kMicrosPerUnit, Rounding::kUp));
  const Money commission = std::max(Money::FromMicros(micros), model.minimum);
  if (model.rate == 0) return commission;
  PT_ASSIGN_OR_RETURN(const Money most, Part(value, model.rate));
  return std::min(commission, most);
}

absl::Status ChargeIndia(const FeeModel& model, const Fill& fill, Money value, Fees& fees) {
  const bool buys = fill.side == Side::kBuy;
  const bool intraday = model.kind == FeeModel::Kind::kIndiaIntraday;
  const IndiaRates rates = IndiaRatesOn(fill.time);
  PT_ASSIGN_OR_RETURN(Money brokerage, Part(value, model.rate));
  if (!model.cap.is_zero()) brokerage = std::min(brokerage, model.cap);
  const std::int64_t stt = intraday ? (buys ? 0 : rates.stt_intraday_sale) : rates.stt_delivery;
  const std::int64_t stamp = intraday ? rates.stamp_intraday : rates.stamp_delivery;
  PT_ASSIGN_OR_RETURN(const Money exchange, Part(value, rates.exchange));
  PT_ASSIGN_OR_RETURN(const Money sebi, Part(value, rates.sebi));
  PT_ASSIGN_OR_RETURN(const Money taxed, Add(brokerage, exchange));
  PT_ASSIGN_OR_RETURN(const Money taxed_with_sebi, Add(taxed, rates.gst_on_sebi ? sebi : Money()));
  PT_ASSIGN_OR_RETURN(const Money gst, Part(taxed_with_sebi, rates.gst));
  PT_ASSIGN_OR_RETURN(const Money tax, Part(value, stt));
  PT_ASSIGN_OR_RETURN(const Money duty, Part(value, buys || rates.stamp_on_sales ? stamp : 0));
  PT_RETURN_IF_ERROR(Append("brokerage", brokerage, fees));
  PT_RETURN_IF_ERROR(Append("stt", tax, fees));
  PT_RETURN_IF_ERROR(Append("exchange", exchange, fees));
  PT_RETURN_IF_ERROR(Append("sebi", sebi, fees));
  PT_RETURN_IF_ERROR(Append("gst", gst, fees));
  return Append("stamp_duty", duty, fees);
}

absl::StatusOr<FeeModel> India(FeeModel::Kind kind, const std::vector<std::int64_t>& numbers) {
  FeeModel model{.kind = kind};
  if (kind == FeeModel::Kind::kIndiaIntraday) {
    model.rate = kIntradayBrokerage;
    model.cap = kIntradayCap;
  }
  if (numbers.size() == 2) {
    model.rate = numbers[0];
    model.cap = Money::FromMicros(numbers[1]);
  }
  return model;
}

}  // namespace

absl::StatusOr<FeeModel> ParseFees(std::string_view text) {
  PT_ASSIGN_OR_RETURN(const ModelText model, ReadModelText(text));
  const std::vector<std::int64_t>& numbers = model.numbers;
  using Kind = FeeModel::Kind;
  if (model.name == "none" && numbers.empty()) return FeeModel();
  if (model.name == "percent" && numbers.size() == 1 && numbers[0] <= kRateUnit) {
    return FeeModel{.kind = Kind::kPercent, .rate = numbers[0]};
  }
  if (model.name == "per_share" && !numbers.empty() && numbers.size() <= 3) {
    FeeModel fees{.kind = Kind::kPerShare, .per_share = Money::FromMicros(numbers[0])};
    if (numbers.size() > 1) fees.minimum = Money::FromMicros(numbers[1]);
    if (numbers.size() > 2) fees.rate = numbers[2];
    if (fees.rate <= kRateUnit) return fees;
  }
  const bool brokerage = numbers.empty() || (numbers.size() == 2 && numbers[0] <= kRateUnit);
  if (model.name == "india_delivery" && brokerage) return India(Kind::kIndiaDelivery, numbers);
  if (model.name == "india_intraday" && brokerage) return India(Kind::kIndiaIntraday, numbers);
  return UnknownModel(text, kAllowed);
}

absl::StatusOr<Fees> FeesOf(const FeeModel& model, const Fill& fill) {
  Fees fees;
  if (model.kind == FeeModel::Kind::kNone) return fees;
  PT_ASSIGN_OR_RETURN(const Money value, Notional(fill.price, fill.quantity, Rounding::kUp));
  if (model.kind == FeeModel::Kind::kIndiaDelivery || model.kind == FeeModel::Kind::kIndiaIntraday) {
    PT_RETURN_IF_ERROR(ChargeIndia(model, fill, value, fees));
    return fees;
  }
  PT_ASSIGN_OR_RETURN(const Money commission, Commission(model, fill, value));
  PT_RETURN_IF_ERROR(Append("commission", commission, fees));
  return fees;
}

}  // namespace papertape::execution
