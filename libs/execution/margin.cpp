#include "libs/execution/margin.h"

#include "libs/execution/model_text.h"
#include "libs/status/status.h"

namespace papertape::execution {
namespace {

absl::StatusOr<Money> Part(Price price, Quantity quantity, std::int64_t rate) {
  PT_ASSIGN_OR_RETURN(const Money value, Notional(price, quantity, Rounding::kUp));
  PT_ASSIGN_OR_RETURN(const std::int64_t micros, MulDiv(value.micros(), rate, kRateUnit, Rounding::kUp));
  return Money::FromMicros(micros);
}

}  // namespace

absl::StatusOr<MarginModel> ParseMargin(std::string_view text) {
  PT_ASSIGN_OR_RETURN(const ModelText model, ReadModelText(text));
  const std::vector<std::int64_t>& numbers = model.numbers;
  if (model.name == "flat" && numbers.size() == 1 && numbers[0] > 0 && numbers[0] <= kRateUnit) {
    return MarginModel{.initial = numbers[0]};
  }
  if (text == "reg_t") return MarginModel{.initial = 50 * kOnePercent, .maintenance = 30 * kOnePercent};
  if (text == "cash") return MarginModel{.initial = kRateUnit, .shorts = false};
  return UnknownModel(text, "flat:PERCENT, reg_t and cash");
}

absl::StatusOr<Money> InitialMargin(const MarginModel& model, Price price, Quantity quantity) {
  return Part(price, quantity, model.initial);
}

absl::StatusOr<Money> MaintenanceMargin(const MarginModel& model, Price price, Quantity quantity) {
  return Part(price, quantity, model.maintenance);
}

}  // namespace papertape::execution
