// Makes bars of one second to one week out of ticks.
//
// Ticks make seconds; finished seconds make everything longer, so that a tick costs one look-up and a comparison or two
// whatever the number of spans, and a longer bar is exactly the sum of its seconds. A second is finished when the clock
// is `grace` past its end: until then ticks may come in any order and give the same bar; one that is later is counted
// and dropped. Where nothing was told there is no bar: gaps are not filled.
//
// Bars below a day are cut by the clock in UTC, days and weeks by the exchange's trading days; ticks outside trading
// hours make no bar. When another source begins to speak for a symbol, its bars so far end there, incomplete: prices of
// two sources never make one bar. Not thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/market_data/domain/live_bar.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {

class BarBuilder {
 public:
  // The day of trading of a tick; nothing when its exchange is closed.
  using Hours = std::function<std::optional<TradingDay>(const Quote& tick)>;
  struct Counts {
    std::int64_t reordered = 0;  // ticks older than their symbol's newest, taken in all the same
    std::int64_t late = 0;       // beyond the grace: dropped
    std::int64_t closed = 0;     // outside trading hours
  };

  BarBuilder(Hours hours, std::chrono::milliseconds grace) : hours_(std::move(hours)), grace_(grace) {}

  void Tick(const Quote& tick, Timestamp now);
  // Takes the bars that have finished by `now`: each symbol's in order of their end, shorter ones first.
  std::vector<LiveBar> Finish(Timestamp now);
  // Ends all bars where they are, incomplete, and forgets the time: another market begins, which may be of another age.
  std::vector<LiveBar> Restart();
  // The bars that grow, of symbols that had a tick since the last call; of all of them where `all`.
  std::vector<LiveBar> Growing(bool all = false);
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Second {
    LiveBar bar;
    Timestamp first, last;  // of its ticks
    TradingDay day;
  };
  // One symbol.
  struct Line {
    std::string source;
    Timestamp heard_since;                                // the source was not listened to before
    std::optional<TradingDay> day;                        // of the last tick
    std::vector<Second> seconds;                          // not finished yet, ascending
    std::array<std::optional<LiveBar>, kBarSpans> spans;  // of finished seconds; the first is unused
    bool changed = false;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  Second& SecondOf(Line& line, const Quote& tick, Timestamp start);
  void FinishSecond(Line& line, Second& second);
  void FinishSpan(std::optional<LiveBar>& bar);
  void EndLine(Line& line);
  [[nodiscard]] static LiveBar Begin(const Line& line, const Second& second, BarSpan span);

  const Hours hours_;
  const std::chrono::milliseconds grace_;
  std::unordered_map<std::string, Line, TextHash, std::equal_to<>> lines_;
  std::vector<LiveBar> finished_;
  Timestamp finished_at_;
  Counts counts_;
};

// Adds `next`, which follows `bar`, to it.
void Extend(LiveBar& bar, const LiveBar& next);

}  // namespace papertape::market
