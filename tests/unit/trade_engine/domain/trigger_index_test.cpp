#include "services/trade_engine/domain/trigger_index.h"

#include <map>

#include "libs/ids/ids.h"
#include "tests/support/catch.h"

namespace papertape::trade_engine {
namespace {

using Slots = std::vector<TriggerIndex::Slot>;

Price At(std::int64_t units) { return Price::FromUnits(units); }

Slots Cross(TriggerIndex& index, TriggerIndex::SymbolId symbol, std::int64_t last) {
  Slots fired;
  index.Cross(symbol, At(last), fired);
  return fired;
}

TEST_CASE("a level fires when it is reached, once") {
  TriggerIndex index;
  index.Arm(0, 7, At(90), At(110));
  CHECK(Cross(index, 0, 91).empty());
  CHECK(Cross(index, 0, 109).empty());
  CHECK(Cross(index, 1, 1).empty());
  CHECK(Cross(index, 0, 90) == Slots{7});
  CHECK(Cross(index, 0, 90).empty());
  CHECK(Cross(index, 0, 200).empty());
}

TEST_CASE("what is disarmed or armed anew does not fire at its old level") {
  TriggerIndex index;
  index.Arm(0, 1, At(90), std::nullopt);
  index.Arm(0, 2, At(95), std::nullopt);
  index.Disarm(1);
  index.Arm(0, 2, At(80), std::nullopt);
  CHECK(Cross(index, 0, 85).empty());
  CHECK(Cross(index, 0, 80) == Slots{2});
}

TEST_CASE("random triggers fire exactly as a full scan says") {
  struct Armed {
    TriggerIndex::SymbolId symbol;
    std::optional<Price> falls_to, rises_to;
  };
  RandomBits random = SeededRandom(GENERATE(1U, 2U, 3U, 4U));
  TriggerIndex index;
  std::map<TriggerIndex::Slot, Armed> model;
  for (int step = 0; step < 20'000; ++step) {
    const auto symbol = static_cast<TriggerIndex::SymbolId>(random() % 4);
    const auto slot = static_cast<TriggerIndex::Slot>(random() % 300);
    const auto level = static_cast<std::int64_t>(1 + random() % 200);
    switch (random() % 4) {
      case 0: {
        Armed armed{symbol, std::nullopt, std::nullopt};
        if (random() % 3 != 0) armed.falls_to = At(level);
        if (random() % 3 != 0) armed.rises_to = At(level + static_cast<std::int64_t>(random() % 50));
        index.Arm(symbol, slot, armed.falls_to, armed.rises_to);
        model[slot] = armed;
        break;
      }
      case 1:
        index.Disarm(slot);
        model.erase(slot);
        break;
      default: {
        Slots expected;
        for (const auto& [number, armed] : model) {
          if (armed.symbol != symbol) continue;
          if ((armed.falls_to && At(level) <= *armed.falls_to) || (armed.rises_to && At(level) >= *armed.rises_to)) {
            expected.push_back(number);
          }
        }
        for (const auto fired : expected) model.erase(fired);
        REQUIRE(Cross(index, symbol, level) == expected);
      }
    }
  }
}

}  // namespace
}  // namespace papertape::trade_engine
