// The portfolio protos <- the domain.
#pragma once

#include "papertape/portfolio/v1/portfolio_service.pb.h"
#include "services/portfolio/domain/valuation.h"

namespace papertape::portfolio {

void Encode(const Position& position, v1::Position& out);
void Encode(const Stats& stats, v1::Stats& out);

}  // namespace papertape::portfolio
