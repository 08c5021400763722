#include "services/market_data/domain/provider_chain.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

// What the caller hears when nobody answered.
absl::Status NobodyAnswered(const std::vector<PassedOver>& passed_over) {
  const auto told = std::find_if(passed_over.begin(), passed_over.end(), [](const PassedOver& passed) {
    return ReasonOf(passed.why) != Reason::kUNKNOWN_SYMBOL;
  });
  const absl::Status& first = told == passed_over.end() ? passed_over.front().why : told->why;
  if (passed_over.size() == 1) return first;
  return Error(DetailsOf(first), Describe(passed_over));
}

Ability AbilityFor(const BarRequest& request) {
  return IsDated(request.interval) ? Ability::kDailyBars : Ability::kMinuteBars;
}

bool PassesOn(const absl::Status& status) {
  switch (ReasonOf(status)) {
    case Reason::kPROVIDER_UNAVAILABLE:
    case Reason::kPROVIDER_REFUSED:
    case Reason::kPROVIDER_MALFORMED:
    case Reason::kUNKNOWN_SYMBOL:
    case Reason::kUNIMPLEMENTED:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string Describe(const std::vector<PassedOver>& passed_over) {
  std::string text;
  for (const PassedOver& passed : passed_over) {
    if (!text.empty()) text += ' ';
    text += MessageOf(passed.why);
  }
  return text;
}

ProviderChain::ProviderChain(std::vector<Provider*> providers, const Clock& clock, Noted noted)
    : providers_(std::move(providers)), clock_(clock), noted_(std::move(noted)) {}

absl::StatusOr<std::vector<Provider*>> ProviderChain::Able(Ability ability, const Instrument& instrument,
                                                           std::string_view preferred) const {
  std::vector<Provider*> able;
  bool known = preferred.empty();
  for (Provider* provider : providers_) {
    if (!preferred.empty() && provider->name() != preferred) continue;
    known = true;
    if (provider->Can(ability, instrument)) able.push_back(provider);
  }
  if (!known) return InvalidField("provider", fmt::format("must be one of {}", fmt::join(Names(), ", ")));
  return able;
}

template <class Answer, class Ask>
absl::StatusOr<Answer> ProviderChain::First(const absl::StatusOr<std::vector<Provider*>>& whom,
                                            const Instrument& instrument, Instant deadline, Ask ask) {
  PT_RETURN_IF_ERROR(whom.status());
  const std::vector<Provider*>& able = *whom;
  if (able.empty()) {
    return Error(Reason::kPROVIDER_UNAVAILABLE,
                 fmt::format("No provider can be asked for this of {}.", instrument.symbol));
  }
  std::vector<PassedOver> passed_over;
  for (std::size_t i = 0; i < able.size(); ++i) {
    Provider& provider = *able[i];
    const Instant now = clock_.Steady();
    const auto share = std::max(deadline - now, Instant::duration::zero()) / static_cast<int>(able.size() - i);
    auto answer = ask(provider, now + share);
    if (answer.ok()) return Answer{*std::move(answer), std::string(provider.name()), std::move(passed_over)};
    if (!PassesOn(answer.status())) return answer.status();
    passed_over.push_back({std::string(provider.name()), answer.status()});
    if (noted_) noted_(passed_over.back(), instrument.symbol);
  }
  return NobodyAnswered(passed_over);
}

absl::StatusOr<ChainBars> ProviderChain::Bars(const BarRequest& request, const Instrument& instrument,
                                              std::string_view preferred, Instant deadline) {
  return First<ChainBars>(Able(AbilityFor(request), instrument, preferred), instrument, deadline,
                          [&](Provider& provider, Instant until) { return provider.Bars(request, until); });
}

absl::StatusOr<ChainBars> ProviderChain::BarsBehind(std::string_view behind, const BarRequest& request,
                                                    const Instrument& instrument, Instant deadline) {
  PT_ASSIGN_OR_RETURN(std::vector<Provider*> able, Able(AbilityFor(request), instrument, ""));
  const auto last =
      std::find_if(able.begin(), able.end(), [&](const Provider* provider) { return provider->name() == behind; });
  able.erase(able.begin(), last == able.end() ? last : std::next(last));
  return First<ChainBars>(able, instrument, deadline,
                          [&](Provider& provider, Instant until) { return provider.Bars(request, until); });
}

bool ProviderChain::TellsWholeDays(const Instrument& instrument) const {
  const auto able = Able(Ability::kDailyBars, instrument, "");
  return able.ok() && !able->empty() && able->front()->Can(Ability::kWholeDays, instrument);
}

absl::StatusOr<ChainDay> ProviderChain::WholeDay(const Instrument& instrument, Timestamp day, Instant deadline) {
  PT_ASSIGN_OR_RETURN(std::vector<Provider*> able, Able(Ability::kDailyBars, instrument, ""));
  if (able.size() > 1) able.resize(1);
  return First<ChainDay>(able, instrument, deadline,
                         [&](Provider& provider, Instant until) { return provider.WholeDay(day, until); });
}

absl::StatusOr<ChainInstrument> ProviderChain::Describe(const Instrument& instrument, std::string_view preferred,
                                                        Instant deadline) {
  return First<ChainInstrument>(
      Able(Ability::kReference, instrument, preferred), instrument, deadline,
      [&](Provider& provider, Instant until) { return provider.Describe(instrument.symbol, until); });
}

absl::StatusOr<ChainActions> ProviderChain::Actions(const Instrument& instrument, Timestamp from, Timestamp until,
                                                    std::string_view preferred, Instant deadline) {
  return First<ChainActions>(
      Able(Ability::kCorporateActions, instrument, preferred), instrument, deadline,
      [&](Provider& provider, Instant latest) { return provider.Actions(instrument.symbol, from, until, latest); });
}

std::vector<std::string> ProviderChain::Names() const {
  std::vector<std::string> names;
  names.reserve(providers_.size());
  for (const Provider* provider : providers_) names.emplace_back(provider->name());
  return names;
}

bool ProviderChain::AnyCan(Ability ability, const Instrument& instrument) const {
  return std::any_of(providers_.begin(), providers_.end(),
                     [&](const Provider* provider) { return provider->Can(ability, instrument); });
}

}  // namespace papertape::market
