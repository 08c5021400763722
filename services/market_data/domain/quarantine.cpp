#include "services/market_data/domain/quarantine.h"

namespace papertape::market {

std::string_view SuspicionName(Suspicion suspicion) {
  switch (suspicion) {
    case Suspicion::kIncoherent:
      return "incoherent";
    case Suspicion::kNonPositive:
      return "non_positive";
    case Suspicion::kFromTheFuture:
      return "from_the_future";
    case Suspicion::kOutOfOrder:
      return "out_of_order";
    case Suspicion::kJump:
      return "jump";
    case Suspicion::kOutsideDay:
      return "outside_day";
    case Suspicion::kNoSession:
      return "no_session";
    case Suspicion::kMalformed:
      return "malformed";
  }
  return "malformed";
}

}  // namespace papertape::market
