// Finnhub's REST interface as a provider of quotes: one symbol a call, listings of the United States. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "libs/http/client.h"
#include "services/market_data/domain/provider.h"

namespace papertape::market {

class Finnhub final : public Provider {
 public:
  Finnhub(http::Client& client, std::string key) : client_(client), key_(std::move(key)) {}
  [[nodiscard]] std::string_view name() const override;
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override;
  // Symbols that it does not know are left out; UNKNOWN_SYMBOL when it knows none of them.
  absl::StatusOr<std::vector<Quote>> Quotes(const std::vector<std::string>& symbols, Instant deadline) override;

 private:
  absl::StatusOr<Quote> Ask(const std::string& symbol, Instant deadline);

  http::Client& client_;
  const std::string key_;
};

// The limits of a key that makes `per_minute` calls a minute: beside the plan's, every plan's 30 a second.
std::vector<http::Limit> FinnhubLimits(std::int64_t per_minute);

}  // namespace papertape::market
