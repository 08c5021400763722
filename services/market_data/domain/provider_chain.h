// The providers in the order in which they are asked, and the embedded one at their end. Who cannot answer is not
// asked; an outage, a refusal, a malformed answer or an unknown symbol passes the question on. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/market_data/domain/provider.h"

namespace papertape::market {

// Who was asked before the one that answered, and why it did not.
struct PassedOver {
  std::string provider;
  absl::Status why;
};

// "polygon: polygon answers 503.; tiingo: ..." for logs and job results.
std::string Describe(const std::vector<PassedOver>& passed_over);

struct ChainBars {
  ProvidedBars bars;
  std::string source;  // who answered
  std::vector<PassedOver> passed_over;
};

// The daily bars of everything that traded on one day, by symbol.
struct ChainDay {
  std::vector<std::pair<std::string, Bar>> bars;
  std::string source;
  std::vector<PassedOver> passed_over;
};

struct ChainInstrument {
  Instrument instrument;
  std::string source;
  std::vector<PassedOver> passed_over;
};

struct ChainActions {
  std::vector<CorporateAction> actions;  // by ex-date
  std::string source;
  std::vector<PassedOver> passed_over;
};

class ProviderChain {
 public:
  // `noted` is told of everybody that was passed over; may be empty.
  using Noted = std::function<void(const PassedOver&, std::string_view symbol)>;

  ProviderChain(std::vector<Provider*> providers, const Clock& clock, Noted noted = {});

  // `preferred` alone is asked when it is not empty; INVALID_ARGUMENT, field `provider`, when there is none of that
  // name. Each provider gets an equal share of the time that is left, the last one all of it. With nobody to ask:
  // PROVIDER_UNAVAILABLE. When all pass: UNKNOWN_SYMBOL if all say so, otherwise the first other failure, whose text
  // names the others.
  absl::StatusOr<ChainBars> Bars(const BarRequest& request, const Instrument& instrument, std::string_view preferred,
                                 Instant deadline);
  // The same of those who stand behind the provider `behind`.
  absl::StatusOr<ChainBars> BarsBehind(std::string_view behind, const BarRequest& request, const Instrument& instrument,
                                       Instant deadline);
  // Whether the one that would be asked first for daily bars of `instrument` tells whole days.
  [[nodiscard]] bool TellsWholeDays(const Instrument& instrument) const;
  // Asks that one alone.
  absl::StatusOr<ChainDay> WholeDay(const Instrument& instrument, Timestamp day, Instant deadline);
  absl::StatusOr<ChainInstrument> Describe(const Instrument& instrument, std::string_view preferred, Instant deadline);
  absl::StatusOr<ChainActions> Actions(const Instrument& instrument, Timestamp from, Timestamp until,
                                       std::string_view preferred, Instant deadline);

  // In their order.
  [[nodiscard]] std::vector<std::string> Names() const;
  // Whether anybody could be asked.
  [[nodiscard]] bool AnyCan(Ability ability, const Instrument& instrument) const;

 private:
  // Asks one after the other; `ask(provider, deadline)` answers a StatusOr. Fills `passed_over` and `source`.
  template <class Answer, class Ask>
  absl::StatusOr<Answer> First(const absl::StatusOr<std::vector<Provider*>>& whom, const Instrument& instrument,
                               Instant deadline, Ask ask);
  [[nodiscard]] absl::StatusOr<std::vector<Provider*>> Able(Ability ability, const Instrument& instrument,
                                                            std::string_view preferred) const;

  const std::vector<Provider*> providers_;
  const Clock& clock_;
  const Noted noted_;
};

}  // namespace papertape::market
