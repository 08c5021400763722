// Polygon.io, now called Massive, over its REST interface: bars of a minute to a day of American shares and indices, as
// they were traded; names; splits and dividends. The key travels in a header. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libs/http/client.h"
#include "libs/json/document.h"
#include "services/market_data/domain/provider.h"

namespace papertape::market {

class PolygonProvider : public Provider {
 public:
  PolygonProvider(http::Client& client, std::string key) : client_(client), key_(std::move(key)) {}

  [[nodiscard]] std::string_view name() const override { return client_.name(); }
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override;
  absl::StatusOr<ProvidedBars> Bars(const BarRequest& request, Instant deadline) override;
  absl::StatusOr<Instrument> Describe(const std::string& symbol, Instant deadline) override;
  absl::StatusOr<std::vector<CorporateAction>> Actions(const std::string& symbol, Timestamp from, Timestamp until,
                                                       Instant deadline) override;
  // The daily bars of everything that traded on `day`, in one request.
  absl::StatusOr<std::vector<std::pair<std::string, Bar>>> WholeDay(Timestamp day, Instant deadline) override;

 private:
  // False when the item is not what it should be.
  using TakeItem = std::function<bool(json::Value)>;

  absl::StatusOr<json::Document> Get(http::Request request, std::string_view symbol, Instant deadline);
  // Every item of `results`, page after page.
  absl::Status EachResult(http::Request request, std::string_view symbol, Instant deadline, const TakeItem& take);

  http::Client& client_;
  const std::string key_;
};

}  // namespace papertape::market
