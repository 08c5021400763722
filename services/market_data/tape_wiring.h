// Wires what is told of every tick: the streams of ticks and bars, the bars' store, and the Redis stream.
#pragma once

#include "libs/rpc/host.h"
#include "services/market_data/domain/bar_desk.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

// What the rest of the wiring needs of it; owned by the host.
struct Tape {
  TickPublisher& everyone;  // whoever listens to ticks, `redis` last
  BarDesk& bars;
};
Tape WireTape(service::Host& host, BarStore& bars, TickPublisher& redis);

}  // namespace papertape::market
