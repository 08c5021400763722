#include "services/market_data/domain/bar_builder.h"

#include <algorithm>
#include <utility>

namespace papertape::market {
namespace {

void Grow(LiveBar& bar, Price price) {
  bar.high = std::max(bar.high, price);
  bar.low = std::min(bar.low, price);
}

Timestamp WeekOf(Timestamp date) {
  const auto day = std::chrono::floor<std::chrono::days>(date);
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

}  // namespace

void Extend(LiveBar& bar, const LiveBar& next) {
  Grow(bar, next.high);
  Grow(bar, next.low);
  bar.close = next.close;
  bar.volume += next.volume;
  bar.ticks += next.ticks;
  bar.traded = bar.traded && next.traded;
}

void BarBuilder::Tick(const Quote& tick, Timestamp now) {
  auto found = lines_.find(std::string_view(tick.symbol));
  if (found == lines_.end()) found = lines_.emplace(tick.symbol, Line()).first;
  Line& line = found->second;
  if (line.source != tick.source) {
    EndLine(line);
    line.source = tick.source;
    line.heard_since = now;
  }
  if (!line.day || tick.time < line.day->open || tick.time >= line.day->close) {
    std::optional<TradingDay> day = hours_(tick);
    if (!day) {
      ++counts_.closed;
      return;
    }
    line.day = day;
  }
  const Timestamp start = std::chrono::floor<std::chrono::seconds>(tick.time);
  if (start + std::chrono::seconds(1) + grace_ <= finished_at_) {
    ++counts_.late;
    return;
  }
  Second& second = SecondOf(line, tick, start);
  LiveBar& bar = second.bar;
  Grow(bar, tick.price);
  if (tick.time < second.first) {
    second.first = tick.time;
    bar.open = tick.price;
  }
  if (tick.time >= second.last) {
    second.last = tick.time;
    bar.close = tick.price;
  }
  if (tick.time < line.seconds.back().last) ++counts_.reordered;
  bar.volume += tick.volume;
  ++bar.ticks;
  bar.traded = bar.traded && tick.traded;
  line.changed = true;
}

BarBuilder::Second& BarBuilder::SecondOf(Line& line, const Quote& tick, Timestamp start) {
  auto place = line.seconds.end();
  while (place != line.seconds.begin() && std::prev(place)->bar.start > start) --place;
  if (place != line.seconds.begin() && std::prev(place)->bar.start == start) return *std::prev(place);
  const LiveBar bar{.symbol = tick.symbol,
                    .span = BarSpan::kSecond,
                    .start = start,
                    .end = start + std::chrono::seconds(1),
                    .open = tick.price,
                    .high = tick.price,
                    .low = tick.price,
                    .close = tick.price,
                    .source = tick.source,
                    .complete = line.heard_since <= start,
                    .traded = true};
  return *line.seconds.insert(place, Second{bar, tick.time, tick.time, *line.day});
}

std::vector<LiveBar> BarBuilder::Finish(Timestamp now) {
  finished_at_ = std::max(finished_at_, now);
  for (auto& [symbol, line] : lines_) {
    auto done = line.seconds.begin();
    for (; done != line.seconds.end() && done->bar.end + grace_ <= now; ++done) FinishSecond(line, *done);
    line.seconds.erase(line.seconds.begin(), done);
    for (std::optional<LiveBar>& bar : line.spans) {
      if (bar && bar->end + grace_ <= now) FinishSpan(bar);
    }
  }
  return std::exchange(finished_, {});
}

std::vector<LiveBar> BarBuilder::Restart() {
  for (auto& [symbol, line] : lines_) EndLine(line);
  lines_.clear();
  finished_at_ = {};
  return std::exchange(finished_, {});
}

void BarBuilder::FinishSecond(Line& line, Second& second) {
  second.bar.finished = true;
  for (std::size_t span = 1; span < kBarSpans; ++span) {
    std::optional<LiveBar>& bar = line.spans[span];
    if (bar && second.bar.start >= bar->end) FinishSpan(bar);
    if (bar) {
      Extend(*bar, second.bar);
    } else {
      bar = Begin(line, second, static_cast<BarSpan>(span));
    }
  }
  finished_.push_back(std::move(second.bar));
}

void BarBuilder::FinishSpan(std::optional<LiveBar>& bar) {
  bar->finished = true;
  finished_.push_back(*std::exchange(bar, std::nullopt));
}

void BarBuilder::EndLine(Line& line) {
  for (Second& second : line.seconds) {
    second.bar.complete = false;
    FinishSecond(line, second);
  }
  line.seconds.clear();
  for (std::optional<LiveBar>& bar : line.spans) {
    if (!bar) continue;
    bar->complete = false;
    FinishSpan(bar);
  }
}

LiveBar BarBuilder::Begin(const Line& line, const Second& second, BarSpan span) {
  LiveBar bar = second.bar;
  bar.span = span;
  bar.finished = false;
  if (span == BarSpan::kDay) {
    bar.start = second.day.date;
    bar.end = second.day.close;
    bar.complete = line.heard_since <= second.day.open;
  } else if (span == BarSpan::kWeek) {
    bar.start = WeekOf(second.day.date);
    bar.end = bar.start + std::chrono::days(7);
    bar.complete = line.heard_since <= bar.start;
  } else {
    const auto length = LengthOf(span);
    bar.start = Timestamp(second.bar.start.time_since_epoch() / length * length);
    bar.end = bar.start + length;
    // An exchange that opens within the bar has told nothing before.
    bar.complete = line.heard_since <= std::max(bar.start, second.day.open);
  }
  return bar;
}

std::vector<LiveBar> BarBuilder::Growing(bool all) {
  std::vector<LiveBar> growing;
  for (auto& [symbol, line] : lines_) {
    if (!std::exchange(line.changed, false) && !all) continue;
    for (const Second& second : line.seconds) growing.push_back(second.bar);
    for (std::size_t span = 1; span < kBarSpans; ++span) {
      std::optional<LiveBar> bar = line.spans[span];
      for (const Second& second : line.seconds) {
        if (bar && second.bar.start >= bar->end) {
          growing.push_back(*std::exchange(bar, std::nullopt));
        }
        if (bar) {
          Extend(*bar, second.bar);
        } else {
          bar = Begin(line, second, static_cast<BarSpan>(span));
        }
      }
      if (bar) growing.push_back(*std::move(bar));
    }
  }
  return growing;
}

}  // namespace papertape::market
