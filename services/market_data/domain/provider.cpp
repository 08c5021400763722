#include "services/market_data/domain/provider.h"

namespace papertape::market {
namespace {

absl::Status CannotDo(std::string_view what) {
  return absl::UnimplementedError(std::string("this provider has no ").append(what));
}

}  // namespace

absl::StatusOr<ProvidedBars> Provider::Bars(const BarRequest& /*request*/, Instant /*deadline*/) {
  return CannotDo("bars");
}

absl::StatusOr<std::vector<std::pair<std::string, Bar>>> Provider::WholeDay(Timestamp /*day*/, Instant /*deadline*/) {
  return CannotDo("bars of a whole day");
}

absl::StatusOr<Instrument> Provider::Describe(const std::string& /*symbol*/, Instant /*deadline*/) {
  return CannotDo("reference data");
}

absl::StatusOr<std::vector<CorporateAction>> Provider::Actions(const std::string& /*symbol*/, Timestamp /*from*/,
                                                               Timestamp /*until*/, Instant /*deadline*/) {
  return CannotDo("corporate actions");
}

absl::StatusOr<std::vector<Quote>> Provider::Quotes(const std::vector<std::string>& /*symbols*/, Instant /*deadline*/) {
  return CannotDo("quotes");
}

}  // namespace papertape::market
