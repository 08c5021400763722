// How far a closed trade was down and up on its way, at the last prices between its fills. A plain value.
#pragma once

#include "libs/money/money.h"

namespace papertape::trade_engine {

struct Excursion {
  Money adverse;     // 0 or less
  Money favorable;   // 0 or more
  bool gap = false;  // prices in between were missed
  bool operator==(const Excursion&) const = default;
};

}  // namespace papertape::trade_engine
