#include "services/market_data/domain/tick_guard.h"

#include "fmt/format.h"

namespace papertape::market {
namespace {

// Symbols hold nothing that JSON would have to escape (domain/symbol.h).
std::string ContentOf(const Quote& quote) {
  return fmt::format(R"({{"symbol":"{}","price":{},"timestamp":"{}","day_low":{},"day_high":{}}})", quote.symbol,
                     Format(quote.price), FormatRfc3339(quote.time), Format(quote.day_low), Format(quote.day_high));
}

Suspect Doubt(const Quote& quote, Suspicion suspicion, std::string detail) {
  return {.symbol = quote.symbol,
          .span = "tick",
          .source = quote.source,
          .time = quote.time,
          .suspicion = suspicion,
          .detail = std::move(detail),
          .content = ContentOf(quote)};
}

}  // namespace

std::optional<Suspect> TickGuard::Check(const Quote& quote, Timestamp now) {
  if (quote.price <= Price()) return Doubt(quote, Suspicion::kNonPositive, "price " + Format(quote.price));
  if (quote.time > now + options_.ahead) {
    return Doubt(quote, Suspicion::kFromTheFuture, "it is " + FormatRfc3339(now) + " now");
  }
  if ((!quote.day_high.is_zero() && quote.price > quote.day_high) ||
      (!quote.day_low.is_zero() && quote.price < quote.day_low)) {
    return Doubt(quote, Suspicion::kOutsideDay,
                 fmt::format("price {} is outside its day, {} to {}", Format(quote.price), Format(quote.day_low),
                             Format(quote.day_high)));
  }
  Known& known = known_[quote.symbol];
  if (quote.time < known.time) {
    return Doubt(quote, Suspicion::kOutOfOrder, "after one of " + FormatRfc3339(known.time));
  }
  if (!known.price.is_zero() && IsJump(known.price, quote.price) && !IsBelieved(known, quote.price)) {
    return Doubt(
        quote, Suspicion::kJump,
        fmt::format("from {} to {}, more than {} %", Format(known.price), Format(quote.price), options_.jump_percent));
  }
  known = {.time = quote.time, .price = quote.price};
  return std::nullopt;
}

bool TickGuard::IsJump(Price from, Price to) const {
  if (options_.jump_percent == 0) return false;
  // In units that leave room for the product.
  const double distance = static_cast<double>(to.micros() - from.micros());
  const double allowed = static_cast<double>(from.micros()) * static_cast<double>(options_.jump_percent) / 100;
  return distance > allowed || -distance > allowed;
}

bool TickGuard::IsBelieved(Known& known, Price price) const {
  known.agreeing = known.agreeing > 0 && !IsJump(known.doubted, price) ? known.agreeing + 1 : 1;
  known.doubted = price;
  return known.agreeing >= kAgreeing;
}

}  // namespace papertape::market
