#include "services/market_data/domain/market_tape.h"

#include <algorithm>
#include <utility>

namespace papertape::market {
namespace {

using std::chrono::microseconds;

// How often the time is said while nothing else is.
constexpr std::chrono::milliseconds kBeatEvery{250};
// What gathers in it travels together.
constexpr std::chrono::milliseconds kShortestRest{2};
// Pausing takes effect after so many.
constexpr std::size_t kMostBatches = 256;

}  // namespace

std::vector<TapeTurn> MarketTape::Poll() {
  std::vector<TapeTurn> turns;
  const std::lock_guard lock(mutex_);
  told_ = handed_;
  player_ != nullptr ? PollPlayer(turns) : PollLive(turns);
  if (!turns.empty()) {
    handed_ = turns.back().batch.moment;
    handed_at_ = clock_.Steady();
  }
  told_more_.notify_all();
  return turns;
}

void MarketTape::PollLive(std::vector<TapeTurn>& turns) {
  if (recalled_) {
    turns.push_back({.recalled = *std::exchange(recalled_, std::nullopt)});
    for (auto& [symbol, quote] : std::exchange(unheard_, {})) turns.back().recalled.push_back(std::move(quote));
  }
  const Timestamp now = clock_.Now();
  std::vector<Quote> quotes = live_->Poll(now);
  live_due_ = live_->NextAt(now);
  if (!quotes.empty()) turns.push_back({.batch = TapeBatch(std::move(quotes))});
}

void MarketTape::PollPlayer(std::vector<TapeTurn>& turns) {
  const Timestamp now = clock_.Now();
  if (now >= live_due_) {
    for (Quote& quote : live_->Poll(now)) unheard_.insert_or_assign(quote.symbol, std::move(quote));
    live_due_ = live_->NextAt(now);
  }
  const Instant steady = clock_.Steady();
  const MarketMoment before{.session = player_->number(), .clock = player_->clock()};
  if (recalled_) {
    turns.push_back({.batch = TapeBatch({}, before), .recalled = *std::exchange(recalled_, std::nullopt)});
  }
  absl::StatusOr<std::vector<TapeBatch>> batches = player_->Poll(steady, kMostBatches);
  health_ = batches.status();
  if (batches.ok()) {
    for (TapeBatch& batch : *batches) turns.push_back({.batch = std::move(batch)});
  }
  if (turns.empty() && steady - handed_at_ >= kBeatEvery) turns.push_back({.batch = TapeBatch({}, before)});
}

microseconds MarketTape::Rest() const {
  const std::lock_guard lock(mutex_);
  if (recalled_) return microseconds(0);
  const Timestamp now = clock_.Now();
  if (player_ == nullptr) return std::max(live_due_ - now, microseconds(0));
  // Who waits for a step is to hear that it has been told.
  if (told_ != handed_) return microseconds(0);
  const Instant steady = clock_.Steady();
  const auto beat = std::chrono::ceil<microseconds>(handed_at_ + kBeatEvery - steady);
  if (!health_.ok()) return std::max<microseconds>(beat, kShortestRest);
  const std::optional<microseconds> next = player_->Rest(steady);
  return std::clamp<microseconds>(std::min(beat, next.value_or(beat)), kShortestRest, kBeatEvery);
}

TapeBatch MarketTape::Beat() const {
  const std::lock_guard lock(mutex_);
  return {{}, handed_};
}

void MarketTape::Play(std::unique_ptr<SessionPlayer> player, std::vector<Quote> recalled) {
  {
    const std::lock_guard lock(mutex_);
    player_ = std::move(player);
    recalled_ = std::move(recalled);
    health_ = absl::OkStatus();
  }
  wake_();
}

void MarketTape::GoLive() {
  {
    const std::lock_guard lock(mutex_);
    if (player_ == nullptr) return;
    player_.reset();
    recalled_.emplace();
    health_ = absl::OkStatus();
  }
  wake_();
}

bool MarketTape::Turn(std::int64_t session, const std::function<void(SessionPlayer&, Instant)>& change) {
  {
    const std::lock_guard lock(mutex_);
    if (player_ == nullptr || player_->number() != session) return false;
    change(*player_, clock_.Steady());
  }
  wake_();
  return true;
}

void MarketTape::AwaitStep(std::chrono::milliseconds at_most) const {
  std::unique_lock lock(mutex_);
  told_more_.wait_for(lock, at_most, [this] { return player_ == nullptr || Stands(); });
}

bool MarketTape::Stands() const {
  return !player_->Stepping() && !recalled_ && told_ == handed_ &&
         told_ == MarketMoment{.session = player_->number(), .clock = player_->clock()};
}

MarketTape::Progress MarketTape::progress() const {
  const std::lock_guard lock(mutex_);
  return {.told = told_,
          .finished = player_ != nullptr && player_->Finished() && told_ == handed_,
          .stands = player_ == nullptr || Stands(),
          .health = health_};
}

}  // namespace papertape::market
