#include "services/trade_engine/rpc/trade_service.h"

#include <algorithm>

#include "libs/rpc/proto_types.h"
#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/trade_engine/rpc/journal_messages.h"
#include "services/trade_engine/rpc/receipt_messages.h"
#include "services/trade_engine/rpc/submit.h"

namespace papertape::trade_engine {

using Quotes = absl::StatusOr<std::vector<Quote>>;

grpc::ServerUnaryReactor* TradeService::CreateTrade(grpc::CallbackServerContext* context,
                                                    const v1::CreateTradeRequest* request,
                                                    v1::CreateTradeReply* reply) {
  return gate_.Async(
      context, "papertape.trade_engine.v1.TradeService.CreateTrade", request, reply,
      [this](const rpc::Call& call, const v1::CreateTradeRequest& in, v1::CreateTradeReply& out, Done done) {
        auto command = Decode(call, in);
        if (!command.ok()) return done(command.status());
        parts_.quotes.Fetch({command->symbol}, call.deadline,
                            [this, &call, &out, command = *command, done](const Quotes& quotes) mutable {
                              if (!quotes.ok()) return done(quotes.status());
                              if (!quotes->empty()) command.quote = quotes->front();
                              SubmitTo<TradeOpened>(parts_.engine, call, std::move(command), out, std::move(done));
                            });
      });
}

grpc::ServerUnaryReactor* TradeService::ChangeTrade(grpc::CallbackServerContext* context,
                                                    const v1::ChangeTradeRequest* request, v1::Trade* reply) {
  return gate_.Async(
      context, "papertape.trade_engine.v1.TradeService.ChangeTrade", request, reply,
      [this](const rpc::Call& call, const v1::ChangeTradeRequest& in, v1::Trade& out, Done done) {
        const auto change = DecodeChange(call, in);
        if (!change.ok()) return done(change.status());
        const bool is_active = parts_.view.FindActiveTrade(change->user_id, change->trade_id).has_value();
        if (!is_active || !change->moves_levels()) return ChangeInJournal(call, *change, out, std::move(done));
        // The engine moves the levels of an active trade; the journal then has the rest.
        trade_engine::ChangeTrade levels{change->user_id, change->trade_id, change->stop_loss, change->target_price};
        Done then = [this, &call, &out, done, rest = *change](const absl::Status& status) mutable {
          if (!status.ok()) return done(status);
          rest.stop_loss.reset();
          rest.target_price.reset();
          ChangeInJournal(call, rest, out, done);
        };
        const Done explain = Explaining(std::move(then), change->user_id, change->trade_id);
        SubmitTo<TradeChanged>(parts_.engine, call, std::move(levels), out, explain);
      });
}

void TradeService::ChangeInJournal(const rpc::Call& call, const ChangeEntry& change, v1::Trade& out, Done done) {
  const bool queued = gate_.Submit([this, &call, &out, change, done] {
    const std::int64_t session = parts_.view.session();
    const bool changes = change.moves_levels() || !change.notes.empty();
    const auto entry = changes ? parts_.journal.Change(session, change, parts_.watch.market().Now(),
                                                       rpc::RepeatableAs<JournalEntry, v1::Trade>(call))
                               : parts_.journal.Find(session, change.user_id, change.trade_id);
    if (entry.ok() && change.moves_levels()) parts_.watch.Learn(session, *entry);
    if (entry.ok()) EncodeLive(*entry, out);
    done(entry.status());
  });
  if (!queued) done(rpc::Gate::Overloaded());
}

grpc::ServerUnaryReactor* TradeService::ExitTrade(grpc::CallbackServerContext* context,
                                                  const v1::ExitTradeRequest* request, v1::ExitTradeReply* reply) {
  return gate_.Async(context, "papertape.trade_engine.v1.TradeService.ExitTrade", request, reply,
                     [this](const rpc::Call& call, const v1::ExitTradeRequest& in, v1::ExitTradeReply& out, Done done) {
                       auto command = Decode(call, in);
                       if (!command.ok()) return done(command.status());
                       const auto active = parts_.view.FindActiveTrade(command->user_id, command->trade_id);
                       std::vector<std::string> symbols;
                       if (active) symbols.push_back(active->symbol);
                       const Done explain = Explaining(done, command->user_id, command->trade_id);
                       parts_.quotes.Fetch(
                           std::move(symbols), call.deadline,
                           [this, &call, &out, command = *command, explain](const Quotes& quotes) mutable {
                             if (!quotes.ok()) return explain(quotes.status());
                             if (!quotes->empty()) command.quote = quotes->front();
                             SubmitTo<TradesExited>(parts_.engine, call, std::move(command), out, explain);
                           });
                     });
}

grpc::ServerUnaryReactor* TradeService::ExitAllTrades(grpc::CallbackServerContext* context,
                                                      const v1::ExitAllTradesRequest* request,
                                                      v1::ExitAllTradesReply* reply) {
  return gate_.Async(
      context, "papertape.trade_engine.v1.TradeService.ExitAllTrades", request, reply,
      [this](const rpc::Call& call, const v1::ExitAllTradesRequest& in, v1::ExitAllTradesReply& out, Done done) {
        const auto user_id = auth::ResolveUser(call.caller, in.user_id());
        if (!user_id.ok()) return done(user_id.status());
        std::vector<std::string> symbols;
        for (const Trade& trade : parts_.view.ActiveTrades(*user_id)) symbols.push_back(trade.symbol);
        std::sort(symbols.begin(), symbols.end());
        symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
        parts_.quotes.Fetch(std::move(symbols), call.deadline,
                            [this, &call, &out, user_id = *user_id, done](const Quotes& quotes) mutable {
                              if (!quotes.ok()) return done(quotes.status());
                              SubmitTo<TradesExited>(parts_.engine, call, trade_engine::ExitAllTrades{user_id, *quotes},
                                                     out, std::move(done));
                            });
      });
}

grpc::ServerUnaryReactor* TradeService::GetPerformance(grpc::CallbackServerContext* context,
                                                       const v1::GetPerformanceRequest* request,
                                                       v1::Performance* reply) {
  return gate_.Inline(
      context, "papertape.trade_engine.v1.TradeService.GetPerformance", request, reply,
      [this](const rpc::Call& call, const v1::GetPerformanceRequest& in, v1::Performance& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::int64_t user_id, auth::ResolveUser(call.caller, in.user_id()));
        PT_ASSIGN_OR_RETURN(const Performance performance, PerformanceOf(parts_.view, user_id));
        Encode(performance, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* TradeService::ListTrades(grpc::CallbackServerContext* context,
                                                   const v1::ListTradesRequest* request, v1::ListTradesReply* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.TradeService.ListTrades", request, reply,
      [this](const rpc::Call& call, const v1::ListTradesRequest& in, v1::ListTradesReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(EntryFilter filter, Decode(call, in));
        filter.session = parts_.view.session();
        PT_ASSIGN_OR_RETURN(const EntryPage page, parts_.journal.List(filter));
        for (const JournalEntry& entry : page.entries) EncodeLive(entry, *out.add_trades());
        rpc::EncodePage(rpc::PageOf(in), page.total, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* TradeService::GetTrade(grpc::CallbackServerContext* context,
                                                 const v1::GetTradeRequest* request, v1::Trade* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.TradeService.GetTrade", request, reply,
                        [this](const rpc::Call& call, const v1::GetTradeRequest& in, v1::Trade& out) -> absl::Status {
                          PT_ASSIGN_OR_RETURN(
                              const JournalEntry entry,
                              parts_.journal.Find(parts_.view.session(), call.caller.user_id, in.trade_id()));
                          EncodeLive(entry, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* TradeService::GetReceipt(grpc::CallbackServerContext* context,
                                                   const v1::GetReceiptRequest* request, v1::Receipt* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.TradeService.GetReceipt", request, reply,
      [this](const rpc::Call& call, const v1::GetReceiptRequest& in, v1::Receipt& out) -> absl::Status {
        const std::int64_t user_id = call.caller.user_id;
        const std::int64_t session = parts_.view.session();
        PT_ASSIGN_OR_RETURN(const Trade trade, parts_.archive.FindTrade(session, user_id, in.trade_id()));
        PT_ASSIGN_OR_RETURN(const std::vector<Order> orders, parts_.archive.OrdersOf(session, user_id, in.trade_id()));
        PT_ASSIGN_OR_RETURN(const std::vector<Adjustment> adjustments,
                            parts_.actions.AdjustmentsOf(session, user_id, in.trade_id()));
        const std::optional<Account> account = parts_.view.FindAccount(user_id);
        if (!account) return Error(Reason::kPORTFOLIO_NOT_FOUND);
        PT_ASSIGN_OR_RETURN(const Receipt receipt, MakeReceipt(trade, orders, *account, adjustments));
        Encode(receipt, *account, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* TradeService::ListStockOrders(grpc::CallbackServerContext* context,
                                                        const v1::ListStockOrdersRequest* request,
                                                        v1::ListStockOrdersReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.TradeService.ListStockOrders", request, reply,
                        [this](const rpc::Call& call, const v1::ListStockOrdersRequest& in,
                               v1::ListStockOrdersReply& out) -> absl::Status {
                          constexpr std::int64_t kMost = 200;
                          const std::int64_t limit = in.limit() > 0 ? std::min<std::int64_t>(in.limit(), kMost) : 100;
                          PT_ASSIGN_OR_RETURN(const auto orders, parts_.archive.ListOrders(parts_.view.session(),
                                                                                           call.caller.user_id, limit));
                          for (const Order& order : orders) Encode(order, *out.add_orders());
                          return absl::OkStatus();
                        });
}

void TradeService::EncodeLive(const JournalEntry& entry, v1::Trade& out) const {
  const std::optional<Quote> quote = parts_.view.FindQuote(entry.trade.symbol);
  Encode(entry, quote ? std::optional(quote->last) : std::nullopt, out);
}

Done TradeService::Explaining(Done done, std::int64_t user_id, std::string trade_id) {
  return [this, done = std::move(done), user_id, trade_id = std::move(trade_id)](const absl::Status& status) {
    if (status.ok() || ReasonOf(status) != Reason::kTRADE_NOT_FOUND) return done(status);
    const bool queued = gate_.Submit([=, this] { done(WhyNotActive(status, user_id, trade_id)); });
    if (!queued) done(rpc::Gate::Overloaded());
  };
}

absl::Status TradeService::WhyNotActive(const absl::Status& refused, std::int64_t user_id,
                                        const std::string& trade_id) {
  const absl::StatusOr<Trade> trade = parts_.archive.FindTrade(parts_.view.session(), user_id, trade_id);
  if (!trade.ok()) return absl::IsNotFound(trade.status()) ? refused : trade.status();
  return Error(Reason::kTRADE_CLOSED);
}

}  // namespace papertape::trade_engine
