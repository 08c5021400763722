#include "services/market_data/domain/quote.h"

#include <cmath>

namespace papertape::market {

Price Quote::Change() const {
  if (previous_close.is_zero()) return {};
  return Price::FromMicros(price.micros() - previous_close.micros());
}

double Quote::ChangePercent() const {
  if (previous_close.is_zero()) return 0;
  constexpr double kPlaces = 1e4;
  const double percent = 100.0 * static_cast<double>(Change().micros()) / static_cast<double>(previous_close.micros());
  return std::round(percent * kPlaces) / kPlaces;
}

}  // namespace papertape::market
