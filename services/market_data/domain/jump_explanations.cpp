#include "services/market_data/domain/jump_explanations.h"

#include <algorithm>

namespace papertape::market {
namespace {

// A later bar says little about where a jump went.
constexpr std::chrono::days kLatestAfter{30};

Timestamp Beginning(const SaidBars& said) { return said.before ? said.before->time : said.bars.front().time; }

void AddSplits(std::vector<CorporateAction> more, SaidBars& said) {
  for (CorporateAction& split : more) {
    const bool known = std::any_of(said.splits.begin(), said.splits.end(),
                                   [&](const CorporateAction& other) { return other.ex_date == split.ex_date; });
    if (!known) said.splits.push_back(std::move(split));
  }
}

}  // namespace

std::vector<Explain> ExplainJumps(const JumpWitnesses& witnesses, const Instrument& instrument, Instant deadline) {
  return {[&splits = witnesses.splits, &instrument](SaidBars& said) {
            AddSplits(splits.Recorded(instrument.symbol, Beginning(said), said.bars.back().time), said);
          },
          [&splits = witnesses.splits, &instrument, deadline](SaidBars& said) {
            AddSplits(splits.Asked(instrument, Beginning(said), said.bars.back().time, deadline), said);
          },
          [&bars = witnesses.bars, &instrument](SaidBars& said) {
            const Timestamp last = said.bars.back().time;
            const auto page = bars.List({.symbol = instrument.symbol,
                                         .interval = said.interval,
                                         .from = last + std::chrono::microseconds(1),
                                         .until = last + kLatestAfter,
                                         .limit = 1});
            if (page.ok() && !page->bars.empty()) said.after = page->bars.front();
          }};
}

}  // namespace papertape::market
