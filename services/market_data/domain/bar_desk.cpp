#include "services/market_data/domain/bar_desk.h"

#include <tuple>
#include <utility>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

bool IsWorthKeeping(const LiveBar& bar) {
  return bar.finished && bar.complete && bar.traded && !IsMadeUp(bar.source) && bar.span >= BarSpan::kMinute &&
         bar.span <= BarSpan::kHour;
}

}  // namespace

Bar ToBar(const LiveBar& bar) {
  return {.time = bar.start,
          .open = bar.open,
          .high = bar.high,
          .low = bar.low,
          .close = bar.close,
          .volume = bar.volume,
          .adjusted_close = bar.close};
}

BarDesk::BarDesk(Options options, BarStore& store, Listener listener, const Clock& clock)
    : options_(options),
      store_(store),
      listener_(std::move(listener)),
      clock_(clock),
      builder_([this](const Quote& tick) { return HoursOf(tick); }, options.grace) {}

void BarDesk::Admit(const std::vector<Instrument>& instruments) {
  for (const Instrument& instrument : instruments) exchanges_.emplace(instrument.symbol, instrument.exchange);
}

std::optional<TradingDay> BarDesk::HoursOf(const Quote& tick) const {
  // Recorded days have the hours of their exchange; the made-up market never closes.
  if (moment_.session == 0 && IsMadeUp(tick.source)) return DayRoundTheClock(tick.time);
  const auto exchange = exchanges_.find(tick.symbol);
  return exchange == exchanges_.end() ? std::nullopt : TradingDayAt(exchange->second, tick.time);
}

void BarDesk::Publish(const TapeBatch& batch) {
  std::unique_lock lock(mutex_);
  std::vector<LiveBar> ended;
  if (batch.moment.session != moment_.session) ended = builder_.Restart();
  moment_ = batch.moment;
  const Timestamp now = Now();
  for (const Quote& tick : batch.quotes) builder_.Tick(tick, now);
  lock.unlock();
  if (!ended.empty()) listener_(ended);
}

void BarDesk::Turn() {
  std::unique_lock lock(mutex_);
  std::vector<LiveBar> bars = builder_.Finish(Now());
  Keep(bars);
  const Timestamp machine = clock_.Now();
  if (machine - told_growing_at_ >= options_.tell_growing_every) {
    told_growing_at_ = machine;
    std::vector<LiveBar> growing = builder_.Growing();
    bars.insert(bars.end(), std::make_move_iterator(growing.begin()), std::make_move_iterator(growing.end()));
  }
  lock.unlock();
  if (!bars.empty()) listener_(bars);
}

void BarDesk::Keep(const std::vector<LiveBar>& finished) {
  for (const LiveBar& bar : finished) {
    if (IsWorthKeeping(bar)) waiting_.push_back(bar);
  }
  if (waiting_.size() <= options_.waiting) return;
  const auto excess = static_cast<std::ptrdiff_t>(waiting_.size() - options_.waiting);
  given_up_ += excess;
  waiting_.erase(waiting_.begin(), waiting_.begin() + excess);
}

absl::StatusOr<std::int64_t> BarDesk::Store() {
  std::unique_lock lock(mutex_);
  std::vector<LiveBar> bars = std::exchange(waiting_, {});
  lock.unlock();
  std::map<std::tuple<std::string, BarSpan, std::string>, std::vector<Bar>> groups;
  for (const LiveBar& bar : bars) groups[{bar.symbol, bar.span, bar.source}].push_back(ToBar(bar));
  std::int64_t stored = 0;
  for (const auto& [key, group] : groups) {
    const auto& [symbol, span, source] = key;
    const absl::StatusOr<std::int64_t> added = store_.AddMissing(symbol, *IntervalOf(span), group, source);
    if (!added.ok()) {
      // Those that are stored already are found to be there the next time.
      lock.lock();
      waiting_.insert(waiting_.begin(), std::make_move_iterator(bars.begin()), std::make_move_iterator(bars.end()));
      return added.status();
    }
    stored += *added;
  }
  return stored;
}

BarBuilder::Counts BarDesk::counts() const {
  const std::lock_guard lock(mutex_);
  return builder_.counts();
}

std::int64_t BarDesk::given_up() const {
  const std::lock_guard lock(mutex_);
  return given_up_;
}

}  // namespace papertape::market
