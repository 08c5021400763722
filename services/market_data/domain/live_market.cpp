#include "services/market_data/domain/live_market.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace papertape::market {
namespace {

// What gathers in it travels together, and a tick waits no longer.
constexpr std::chrono::milliseconds kBatch{20};
constexpr char kEmbedded[] = "the embedded market";

// Asking somebody twice for the same price makes no second tick.
bool IsRepeated(const Quote& before, const Quote& after) {
  return !after.traded && before.time == after.time && before.price == after.price;
}

}  // namespace

LiveMarket::LiveMarket(Options options, std::vector<std::unique_ptr<LiveSource>> sources,
                       std::unique_ptr<QuoteSource> embedded, std::vector<std::string> symbols, Quarantine& quarantine,
                       Observer observer)
    : options_(options),
      embedded_(std::move(embedded)),
      symbols_(std::move(symbols)),
      quarantine_(quarantine),
      observer_(std::move(observer)) {
  for (std::unique_ptr<LiveSource>& source : sources) {
    speakers_.push_back({std::move(source), TickGuard(options_.guard), {}});
  }
  for (const std::string& symbol : symbols_) heard_[symbol] = kNobody;
  for (const Speaker& speaker : speakers_) speaker.source->Start();
}

LiveMarket::~LiveMarket() {
  for (const Speaker& speaker : speakers_) speaker.source->Stop();
}

std::vector<Quote> LiveMarket::Poll(Timestamp now) {
  if (!patient_until_) patient_until_ = now + options_.patience;
  std::vector<Quote> quotes;
  std::vector<Suspect> suspects;
  const std::vector<std::string> anew = Choose(now);
  for (std::size_t i = 0; i < speakers_.size(); ++i) Hear(i, now, quotes, suspects);
  for (const std::string& symbol : anew) Recall(symbol, quotes);
  if (embedded_ != nullptr) {
    for (Quote& quote : embedded_->Poll(now)) {
      const auto heard = heard_.find(quote.symbol);
      if (heard == heard_.end() || heard->second == speakers_.size()) quotes.push_back(std::move(quote));
    }
  }
  if (!suspects.empty()) quarantine_.Add(suspects).IgnoreError();  // it counts what it has no room for
  std::stable_sort(quotes.begin(), quotes.end(), [](const Quote& a, const Quote& b) { return a.time < b.time; });
  return quotes;
}

Timestamp LiveMarket::NextAt(Timestamp now) const { return now + kBatch; }

std::vector<std::string> LiveMarket::Choose(Timestamp now) {
  std::vector<std::string> anew;
  for (const std::string& symbol : symbols_) {
    const std::size_t chosen = SpeakerFor(symbol, now);
    const std::size_t before = std::exchange(heard_[symbol], chosen);
    if (before == chosen) continue;
    observer_(symbol, NameOf(before), NameOf(chosen));
    if (chosen < speakers_.size()) anew.push_back(symbol);
  }
  return anew;
}

std::size_t LiveMarket::SpeakerFor(const std::string& symbol, Timestamp now) const {
  const auto speaks = [&](const Speaker& speaker) { return speaker.source->SpeaksFor(symbol, now); };
  const auto found = std::find_if(speakers_.begin(), speakers_.end(), speaks);
  if (found != speakers_.end()) return static_cast<std::size_t>(found - speakers_.begin());
  if (embedded_ == nullptr) return kNobody;
  const bool expected = now < *patient_until_ && heard_.at(symbol) == kNobody &&
                        std::any_of(speakers_.begin(), speakers_.end(),
                                    [&](const Speaker& speaker) { return speaker.source->Covers(symbol); });
  return expected ? kNobody : speakers_.size();
}

// Who is heard anew and says nothing new begins with the newest price that it has said.
void LiveMarket::Recall(const std::string& symbol, std::vector<Quote>& out) const {
  if (std::any_of(out.begin(), out.end(), [&](const Quote& quote) { return quote.symbol == symbol; })) return;
  const auto& known = speakers_[heard_.at(symbol)].newest;
  const auto newest = known.find(symbol);
  if (newest == known.end()) return;
  out.push_back(newest->second);
  out.back().traded = false;
}

void LiveMarket::Hear(std::size_t number, Timestamp now, std::vector<Quote>& out, std::vector<Suspect>& suspects) {
  Speaker& speaker = speakers_[number];
  for (Quote& quote : speaker.source->Poll(now)) {
    const auto heard = heard_.find(quote.symbol);
    if (heard == heard_.end()) continue;
    if (std::optional<Suspect> suspect = speaker.guard.Check(quote, now)) {
      suspects.push_back(*std::move(suspect));
      continue;
    }
    const auto [newest, first] = speaker.newest.try_emplace(quote.symbol, quote);
    const bool repeated = !first && IsRepeated(newest->second, quote);
    newest->second = quote;
    if (heard->second == number && !repeated) out.push_back(std::move(quote));
  }
}

std::string_view LiveMarket::NameOf(std::size_t speaker) const {
  if (speaker == kNobody) return {};
  return speaker < speakers_.size() ? speakers_[speaker].source->name() : std::string_view(kEmbedded);
}

}  // namespace papertape::market
