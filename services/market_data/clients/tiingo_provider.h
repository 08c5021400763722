// Tiingo's end-of-day prices: daily bars of American shares as they were traded, names, and the splits and dividends
// that its rows tell. The key travels in a header. Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libs/http/client.h"
#include "libs/json/document.h"
#include "services/market_data/domain/provider.h"

namespace papertape::market {

class TiingoProvider : public Provider {
 public:
  TiingoProvider(http::Client& client, std::string key) : client_(client), key_(std::move(key)) {}

  [[nodiscard]] std::string_view name() const override { return client_.name(); }
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override;
  absl::StatusOr<ProvidedBars> Bars(const BarRequest& request, Instant deadline) override;
  absl::StatusOr<Instrument> Describe(const std::string& symbol, Instant deadline) override;
  absl::StatusOr<std::vector<CorporateAction>> Actions(const std::string& symbol, Timestamp from, Timestamp until,
                                                       Instant deadline) override;

 private:
  absl::StatusOr<json::Document> Get(http::Request request, const std::string& symbol, Instant deadline);
  absl::StatusOr<json::Document> Prices(const std::string& symbol, Timestamp from, Timestamp until, Instant deadline);

  http::Client& client_;
  const std::string key_;
};

}  // namespace papertape::market
