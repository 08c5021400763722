// How far each open trade was up and down on its way: the highest and the lowest last price of its symbol since it was
// opened. Trades that were opened between two extremes share them, so a price costs two comparisons whatever their
// number, and what is kept of a symbol is two short lists of steps:
//
//   highs  (01A.., 155.2) (01F.., 153.0) (01K.., 150.1)    since 01F was opened, and up to 01K's opening, 153.0
//
// The values are right for the tape up to a position, which is kept with them: after a crash the ticks from there to
// the position of the books are counted again. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/money/money.h"
#include "services/trade_engine/domain/excursion.h"
#include "services/trade_engine/domain/trigger_index.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// The extreme price since `first_trade_id` and the trades after it, up to the next step's, were opened.
struct ExtremeStep {
  std::string first_trade_id;
  Price price;
  bool operator==(const ExtremeStep&) const = default;
};

// Of one symbol with open trades: ascending by trade, towards the newest price.
struct SymbolExtremes {
  std::string symbol;
  std::vector<ExtremeStep> highs;
  std::vector<ExtremeStep> lows;
  bool operator==(const SymbolExtremes&) const = default;
};

// What changed since it was asked last, to be kept with the position in the tape.
struct ExtremesChange {
  std::vector<SymbolExtremes> symbols;  // without steps: no open trade any more
  std::string newest_trade_id;          // the newest trade that is counted
  std::string gap_trade_id;             // prices were missed while trades up to this one were open; empty: never
};

// What was kept, all of one session of the market.
struct KeptExtremes {
  std::string position;  // of the tape; empty: nothing was kept
  std::string newest_trade_id;
  std::string gap_trade_id;
  std::vector<SymbolExtremes> symbols;
};

class Excursions {
 public:
  using SymbolId = TriggerIndex::SymbolId;

  // Takes over what was kept and the trades that are open now, ascending by id. Those that were opened since it was
  // kept are counted from their own quote on, once CountAgain comes to it.
  void Restore(const KeptExtremes& kept, const std::vector<Trade>& open,
               const std::function<SymbolId(const std::string&)>& id_of);
  // A price between the kept position and that of the books, in order.
  void CountAgain(SymbolId symbol, const Quote& quote);
  // All of them were counted, or some are lost: `gap`.
  void Begin(bool gap);

  // `last`: the price of its symbol at that moment, which the other open trades have come to as well.
  void Opened(SymbolId symbol, const Trade& trade, Price last);
  // Of an open trade that leaves at `exit_price`; 0 for amounts that leave the exact range.
  Excursion Closed(SymbolId symbol, const Trade& trade, Price exit_price);
  void See(SymbolId symbol, Price last) {
    if (symbol < ways_.size() && !ways_[symbol].open.empty()) Count(symbol, last);
  }
  // Splits: every price of the symbol becomes price * numerator / denominator.
  void Scale(SymbolId symbol, std::int64_t numerator, std::int64_t denominator);

  [[nodiscard]] ExtremesChange TakeChange();

 private:
  struct Ways {
    SymbolExtremes extremes;
    std::set<std::string> open;  // trade ids
    bool changed = false;        // since TakeChange
  };

  Ways& WaysOf(SymbolId symbol, const std::string& name);
  void Count(SymbolId symbol, Price last);
  void Changed(SymbolId symbol);

  std::vector<Ways> ways_;  // by symbol
  std::vector<SymbolId> changed_;
  std::vector<std::pair<SymbolId, Trade>> to_come_;  // opened since what was kept, ascending by id
  std::string newest_trade_id_;
  std::string gap_trade_id_;
};

// Whether the entry `a` of the tape stands after `b`; "" stands before all.
bool IsAfter(const std::string& a, const std::string& b);
// The largest id before that of an entry: who reads on from there meets the entry again, if it is still there.
std::string JustBefore(const std::string& entry);

}  // namespace papertape::trade_engine
