#include "services/market_data/domain/quote_book.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

constexpr std::size_t kShownSymbol = 32;

}  // namespace

absl::Status UnknownSymbol(std::string_view symbol) {
  const std::string_view shown = symbol.substr(0, kShownSymbol);
  return WithMetadata(Error(Reason::kUNKNOWN_SYMBOL, fmt::format("There is no instrument `{}`.", shown)), "symbol",
                      shown);
}

QuoteBook::QuoteBook(std::chrono::milliseconds fresh, const Clock& clock) : fresh_(fresh), clock_(clock) {}

void QuoteBook::Admit(const std::vector<std::string>& symbols) {
  symbols_ = symbols;
  newest_.resize(symbols_.size());
  touched_.resize(symbols_.size());
  for (Slot slot = 0; slot < symbols_.size(); ++slot) slots_.emplace(symbols_[slot], slot);
}

std::optional<Slot> QuoteBook::Find(std::string_view symbol) const {
  auto found = slots_.find(symbol);
  if (found == slots_.end()) found = slots_.find(NormalizeSymbol(symbol));
  if (found == slots_.end()) return std::nullopt;
  return found->second;
}

std::vector<Slot> QuoteBook::Apply(const std::vector<Quote>& quotes) {
  std::vector<Slot> changed;
  const std::unique_lock lock(mutex_);
  for (const Quote& quote : quotes) {
    const auto found = slots_.find(quote.symbol);
    if (found == slots_.end()) continue;
    std::optional<Quote>& newest = newest_[found->second];
    if (newest && newest->time > quote.time && newest->source == quote.source) continue;
    newest = quote;
    if (std::exchange(touched_[found->second], 1) == 0) changed.push_back(found->second);
  }
  for (const Slot slot : changed) touched_[slot] = 0;
  std::sort(changed.begin(), changed.end());
  return changed;
}

std::vector<Slot> QuoteBook::Turn(const MarketMoment& moment) {
  const std::unique_lock lock(mutex_);
  const std::int64_t before = std::exchange(moment_, moment).session;
  if (before == moment.session) return {};
  std::vector<std::optional<Quote>> next(symbols_.size());
  if (moment.session == 0) next = std::exchange(live_, {});
  std::vector<Slot> changed;
  for (Slot slot = 0; slot < symbols_.size(); ++slot) {
    if (newest_[slot] || next[slot]) changed.push_back(slot);
  }
  newest_.swap(next);
  if (before == 0) live_ = std::move(next);
  return changed;
}

MarketMoment QuoteBook::moment() const {
  const std::shared_lock lock(mutex_);
  return moment_;
}

TapeBatch QuoteBook::Read(const std::vector<Slot>& slots) const {
  TapeBatch batch;
  batch.quotes.reserve(slots.size());
  const std::shared_lock lock(mutex_);
  batch.moment = moment_;
  for (const Slot slot : slots) {
    if (newest_[slot]) batch.quotes.push_back(*newest_[slot]);
  }
  return batch;
}

std::optional<Quote> QuoteBook::Newest(Slot slot) const {
  const std::shared_lock lock(mutex_);
  return newest_[slot];
}

absl::StatusOr<Quote> QuoteBook::Get(std::string_view symbol) const {
  const std::optional<Slot> slot = Find(symbol);
  if (!slot) return UnknownSymbol(symbol);
  std::optional<Quote> quote = Newest(*slot);
  if (!quote) return WithMetadata(Error(Reason::kQUOTE_STALE), "symbol", symbols_[*slot]);
  return *std::move(quote);
}

bool QuoteBook::IsStale(const Quote& quote) const { return clock_.Now() - quote.time > fresh_; }

bool QuoteBook::AnyFresh() const {
  const std::shared_lock lock(mutex_);
  return std::any_of(newest_.begin(), newest_.end(),
                     [this](const std::optional<Quote>& quote) { return quote && !IsStale(*quote); });
}

}  // namespace papertape::market
