#include "services/trade_engine/clients/market_events.h"

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "papertape/market_data/v1/market_event.pb.h"

namespace papertape::trade_engine {
namespace {

namespace market = market_data::v1;

// Nothing: terms of a kind that came later.
std::optional<ActionTerms> TermsOf(const market::CorporateAction& action) {
  switch (action.terms_case()) {
    case market::CorporateAction::kSplit:
      return Split{.numerator = rpc::Decode<Quantity>(action.split().numerator()),
                   .denominator = rpc::Decode<Quantity>(action.split().denominator())};
    case market::CorporateAction::kDividend:
      return Dividend{rpc::Decode<Price>(action.dividend())};
    default:
      return std::nullopt;
  }
}

bool MakesSense(const CorporateAction& action) {
  if (action.symbol.empty() || action.revision < 1) return false;
  if (const auto* const split = std::get_if<Split>(&action.terms)) {
    return split->numerator > Quantity() && split->denominator > Quantity();
  }
  return std::get<Dividend>(action.terms).amount > Price();
}

}  // namespace

absl::StatusOr<std::optional<CorporateAction>> ReadMarketEvent(const events::Event& event) {
  if (event.type != market::MarketEvent::descriptor()->full_name()) return std::optional<CorporateAction>();
  market::MarketEvent message;
  if (!message.ParseFromString(event.payload)) {
    return Error(Reason::kINVALID_ARGUMENT, "The event's payload is not a MarketEvent.");
  }
  if (!message.has_corporate_action()) return std::optional<CorporateAction>();
  const market::CorporateAction& told = message.corporate_action();
  const std::optional<ActionTerms> terms = TermsOf(told);
  if (!terms) return std::optional<CorporateAction>();
  CorporateAction action{.session = told.session(),
                         .symbol = told.symbol(),
                         .exchange = told.exchange(),
                         .ex_date = rpc::Decode(told.ex_date()),
                         .terms = *terms,
                         .revision = told.revision(),
                         .withdrawn = told.withdrawn(),
                         .foretold = told.foretold(),
                         .source = told.source()};
  if (!MakesSense(action)) return Error(Reason::kINVALID_ARGUMENT, "The corporate action has impossible terms.");
  return std::optional<CorporateAction>(std::move(action));
}

}  // namespace papertape::trade_engine
