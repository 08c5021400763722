#include "services/portfolio/clients/peer_books.h"

#include <algorithm>
#include <functional>
#include <set>

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::portfolio {
namespace {

namespace engine = trade_engine::v1;
namespace market = market_data::v1;

constexpr int kTradesAtOnce = 200;
constexpr std::int64_t kRetryAfterMs = 1'000;

// An engine that cannot be reached, in words of our own: a connection's error names addresses.
absl::Status EngineFault(const absl::Status& status) {
  if (!absl::IsUnavailable(status)) return status;
  return WithRetryAfter(Error(Reason::kUNAVAILABLE, "The trade engine is not available; try again shortly."),
                        std::max(kRetryAfterMs, DetailsOf(status).retry_after_ms));
}

OpenTrade ToOpenTrade(const engine::Trade& trade) {
  OpenTrade open{.trade_id = trade.trade_id(),
                 .user_id = trade.user_id(),
                 .symbol = trade.symbol(),
                 .is_long = trade.trade_type() == engine::TRADE_TYPE_BUY,
                 .quantity = rpc::Decode<Quantity>(trade.quantity()),
                 .entry_price = rpc::Decode<Price>(trade.entry_price())};
  open.opened_at = rpc::Decode(trade.created_at());
  if (trade.has_current_price()) open.last_price = rpc::Decode<Price>(trade.current_price());
  return open;
}

ClosedTrade ToClosedTrade(const engine::Trade& trade) {
  return {.symbol = trade.symbol(),
          .is_long = trade.trade_type() == engine::TRADE_TYPE_BUY,
          .quantity = rpc::Decode<Quantity>(trade.quantity()),
          .entry_price = rpc::Decode<Price>(trade.entry_price()),
          .pnl = rpc::Decode<Money>(trade.pnl()),
          .opened_at = rpc::Decode(trade.created_at())};
}

}  // namespace

class PeerBooks final : public Books {
 public:
  PeerBooks(Peers& peers, const rpc::Call& call) : peers_(peers), call_(call) {}

  absl::StatusOr<std::vector<OpenTrade>> OpenTrades() override {
    engine::ListTradesRequest request;
    request.set_status(engine::TRADE_STATUS_ACTIVE);
    std::vector<OpenTrade> trades;
    PT_RETURN_IF_ERROR(EachTrade(request, [&](const engine::Trade& trade) { trades.push_back(ToOpenTrade(trade)); }));
    return trades;
  }

  absl::StatusOr<std::vector<ClosedTrade>> ClosedTrades(Timestamp since) override {
    engine::ListTradesRequest request;
    rpc::Encode(since, request.mutable_closed_since());
    std::vector<ClosedTrade> trades;
    PT_RETURN_IF_ERROR(EachTrade(request, [&](const engine::Trade& trade) { trades.push_back(ToClosedTrade(trade)); }));
    return trades;
  }

  absl::StatusOr<std::optional<Account>> PaperAccount() override {
    engine::GetPortfolioRequest request;
    request.set_user_id("me");
    const auto reply =
        peers_.engine_.Ask<engine::Portfolio>(&call_, [&](grpc::ClientContext& context, engine::Portfolio& out) {
          return peers_.accounts_->GetPortfolio(&context, request, &out);
        });
    if (absl::IsNotFound(reply.status())) return std::optional<Account>();
    if (!reply.ok()) return EngineFault(reply.status());
    return std::optional<Account>(Account{.available_margin = rpc::Decode<Money>(reply->available_margin()),
                                          .utilized_margin = rpc::Decode<Money>(reply->utilized_margin()),
                                          .total_pnl = rpc::Decode<Money>(reply->total_pnl())});
  }

  absl::StatusOr<Timestamp> MarketTime() override {
    const auto open =
        peers_.engine_.Ask<engine::OpenBooks>(&call_, [&](grpc::ClientContext& context, engine::OpenBooks& out) {
          return peers_.sessions_->GetOpenBooks(&context, {}, &out);
        });
    if (!open.ok()) return EngineFault(open.status());
    return rpc::Decode(open->market_time());
  }

  absl::StatusOr<std::optional<LivePrice>> PriceOf(const std::string& symbol) override {
    market::GetQuoteRequest request;
    request.set_symbol(symbol);
    const auto quote = peers_.market_.Ask<market::Quote>(&call_, [&](grpc::ClientContext& context, market::Quote& out) {
      return peers_.quotes_->GetQuote(&context, request, &out);
    });
    if (absl::IsNotFound(quote.status()) || absl::IsFailedPrecondition(quote.status())) {
      return std::optional<LivePrice>();  // UNKNOWN_SYMBOL, QUOTE_STALE
    }
    if (!quote.ok()) return quote.status();
    if (!quote->has_price()) return std::optional<LivePrice>();
    LivePrice live{.price = rpc::Decode<Price>(quote->price()), .stale = quote->stale()};
    if (quote->has_timestamp()) live.time = rpc::Decode(quote->timestamp());
    if (quote->has_change()) {
      live.previous_close = Price::FromMicros(live.price.micros() - rpc::Decode<Price>(quote->change()).micros());
    }
    return std::optional<LivePrice>(live);
  }

 private:
  // Every paper trade that matches, newest first, page after page: what users write down is no position.
  absl::Status EachTrade(engine::ListTradesRequest request, const std::function<void(const engine::Trade&)>& visit) {
    request.set_kind("paper");
    std::set<std::string> seen;  // a trade opened between two pages moves others to the next
    for (int page = 1;; ++page) {
      request.set_page(page);
      request.set_size(kTradesAtOnce);
      auto reply = peers_.engine_.Ask<engine::ListTradesReply>(
          &call_, [&](grpc::ClientContext& context, engine::ListTradesReply& out) {
            return peers_.trades_->ListTrades(&context, request, &out);
          });
      if (!reply.ok()) return EngineFault(reply.status());
      for (const engine::Trade& trade : reply->trades()) {
        if (seen.insert(trade.trade_id()).second) visit(trade);
      }
      if (page >= reply->total_pages()) return absl::OkStatus();
    }
  }

  Peers& peers_;
  const rpc::Call& call_;
};

Peers::Peers(rpc::PeerOptions engine_options, rpc::PeerOptions market_options, const Clock& clock)
    : engine_(std::move(engine_options), clock),
      market_(std::move(market_options), clock),
      trades_(engine::TradeService::NewStub(engine_.channel())),
      accounts_(engine::AccountService::NewStub(engine_.channel())),
      sessions_(engine::SessionBooksService::NewStub(engine_.channel())),
      quotes_(market::MarketDataService::NewStub(market_.channel())) {}

std::unique_ptr<Books> Peers::BooksFor(const rpc::Call& call) { return std::make_unique<PeerBooks>(*this, call); }

}  // namespace papertape::portfolio
