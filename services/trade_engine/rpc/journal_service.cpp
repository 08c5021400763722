#include "services/trade_engine/rpc/journal_service.h"

#include "libs/rpc/repeat.h"
#include "libs/status/status.h"
#include "services/trade_engine/rpc/journal_messages.h"

namespace papertape::trade_engine {

grpc::ServerUnaryReactor* JournalService::CreateJournalTrade(grpc::CallbackServerContext* context,
                                                             const v1::CreateJournalTradeRequest* request,
                                                             v1::JournalTrade* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.JournalService.CreateJournalTrade", request, reply,
      [this](const rpc::Call& call, const v1::CreateJournalTradeRequest& in, v1::JournalTrade& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(JournalEntry entry, Decode(call, in, parts_.watch.market().Now()));
        entry.trade.trade_id = parts_.ids.Next();
        const std::int64_t session = parts_.view.session();
        PT_ASSIGN_OR_RETURN(const JournalEntry written,
                            parts_.journal.Write(session, entry, rpc::RepeatableAs<JournalEntry, v1::Trade>(call)));
        parts_.watch.Learn(session, written);
        Encode(written, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* JournalService::ListOpenTrades(grpc::CallbackServerContext* context,
                                                         const v1::ListJournalRequest* request,
                                                         v1::ListJournalReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.JournalService.ListOpenTrades", request, reply,
                        [this](const rpc::Call& call, const v1::ListJournalRequest& in, v1::ListJournalReply& out) {
                          return List(call, in, true, out);
                        });
}

grpc::ServerUnaryReactor* JournalService::ListClosedTrades(grpc::CallbackServerContext* context,
                                                           const v1::ListJournalRequest* request,
                                                           v1::ListJournalReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.JournalService.ListClosedTrades", request, reply,
                        [this](const rpc::Call& call, const v1::ListJournalRequest& in, v1::ListJournalReply& out) {
                          return List(call, in, false, out);
                        });
}

absl::Status JournalService::List(const rpc::Call& call, const v1::ListJournalRequest& request, bool open,
                                  v1::ListJournalReply& reply) {
  PT_ASSIGN_OR_RETURN(EntryFilter filter, Decode(call, request));
  filter.session = parts_.view.session();
  filter.open = open;
  PT_ASSIGN_OR_RETURN(const EntryPage page, parts_.journal.List(filter));
  for (const JournalEntry& entry : page.entries) Encode(entry, *reply.add_trades());
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* JournalService::CloseJournalTrade(grpc::CallbackServerContext* context,
                                                            const v1::CloseJournalTradeRequest* request,
                                                            v1::JournalTrade* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.JournalService.CloseJournalTrade", request, reply,
      [this](const rpc::Call& call, const v1::CloseJournalTradeRequest& in, v1::JournalTrade& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const CloseEntry command, Decode(call, in));
        PT_ASSIGN_OR_RETURN(const JournalEntry closed,
                            parts_.journal.Close(parts_.view.session(), command, parts_.watch.market().Now(),
                                                 rpc::RepeatableAs<JournalEntry, v1::Trade>(call)));
        parts_.watch.Forget(closed.trade.trade_id);
        Encode(closed, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* JournalService::DeleteJournalTrade(grpc::CallbackServerContext* context,
                                                             const v1::DeleteJournalTradeRequest* request,
                                                             v1::DeleteJournalTradeReply* reply) {
  return gate_.Blocking(context, "papertape.trade_engine.v1.JournalService.DeleteJournalTrade", request, reply,
                        [this](const rpc::Call& call, const v1::DeleteJournalTradeRequest& in,
                               v1::DeleteJournalTradeReply&) -> absl::Status {
                          PT_RETURN_IF_ERROR(parts_.journal
                                                 .Delete(parts_.view.session(), call.caller.user_id, in.trade_id(),
                                                         rpc::RepeatableAs<JournalEntry, v1::Trade>(call))
                                                 .status());
                          parts_.watch.Forget(in.trade_id());
                          return absl::OkStatus();
                        });
}

}  // namespace papertape::trade_engine
