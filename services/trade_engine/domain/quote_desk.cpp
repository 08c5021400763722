#include "services/trade_engine/domain/quote_desk.h"

#include "libs/status/status.h"

namespace papertape::trade_engine {

void QuoteDesk::Fetch(std::vector<std::string> symbols, Instant deadline,
                      std::function<void(absl::StatusOr<std::vector<Quote>>)> then) {
  const Timestamp now = clock_.Now();
  std::erase_if(symbols, [&](const std::string& symbol) {
    const std::optional<Quote> known = view_.FindQuote(symbol);
    return known && (view_.session() != 0 || now - known->time < ask_after_);
  });
  if (symbols.empty()) return then(std::vector<Quote>());
  const bool taken = executor_([this, symbols, deadline, then] { then(AskAll(symbols, deadline)); });
  if (!taken) then(WithRetryAfter(Error(Reason::kOVERLOADED), 1'000));
}

absl::StatusOr<std::vector<Quote>> QuoteDesk::AskAll(const std::vector<std::string>& symbols, Instant deadline) {
  std::vector<Quote> quotes;
  for (const std::string& symbol : symbols) {
    absl::StatusOr<Quote> quote = source_.Ask(symbol, deadline);
    if (quote.ok()) {
      quotes.push_back(*std::move(quote));
    } else if (!absl::IsUnavailable(quote.status()) && !absl::IsDeadlineExceeded(quote.status())) {
      return quote.status();
    }
  }
  return quotes;
}

}  // namespace papertape::trade_engine
