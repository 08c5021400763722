#include "services/market_data/rpc/market_events.h"

#include "libs/rpc/proto_types.h"
#include "papertape/market_data/v1/market_event.pb.h"

namespace papertape::market {

namespace pb = market_data::v1;

std::string MarketEventType() { return pb::MarketEvent::descriptor()->full_name(); }

std::string EncodeMarketEvent(const Announcement& announcement) {
  const CorporateAction& action = announcement.action;
  pb::MarketEvent event;
  pb::CorporateAction& out = *event.mutable_corporate_action();
  out.set_session(announcement.session);
  out.set_symbol(action.symbol);
  out.set_exchange(announcement.exchange);
  rpc::Encode(action.ex_date, out.mutable_ex_date());
  if (const auto* const split = std::get_if<Split>(&action.what)) {
    rpc::Encode(split->numerator, out.mutable_split()->mutable_numerator());
    rpc::Encode(split->denominator, out.mutable_split()->mutable_denominator());
  } else {
    rpc::Encode(std::get<Dividend>(action.what).amount, out.mutable_dividend());
  }
  out.set_revision(announcement.revision);
  out.set_withdrawn(announcement.withdrawn);
  out.set_foretold(announcement.foretold);
  out.set_source(announcement.source);
  return event.SerializeAsString();
}

}  // namespace papertape::market
