#include "services/trade_engine/rpc/session_books_service.h"

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "services/trade_engine/rpc/event_digest.h"

namespace papertape::trade_engine {

grpc::ServerUnaryReactor* SessionBooksService::GetOpenBooks(grpc::CallbackServerContext* context,
                                                            const v1::GetOpenBooksRequest* request,
                                                            v1::OpenBooks* reply) {
  return gate_.Inline(context, "papertape.trade_engine.v1.SessionBooksService.GetOpenBooks", request, reply,
                      [this](const rpc::Call&, const v1::GetOpenBooksRequest&, v1::OpenBooks& out) -> absl::Status {
                        PT_RETURN_IF_ERROR(engine_.Ready());
                        out.set_session(view_.session());
                        rpc::Encode(engine_.market().Now(), out.mutable_market_time());
                        return absl::OkStatus();
                      });
}

grpc::ServerUnaryReactor* SessionBooksService::GetSessionDigest(grpc::CallbackServerContext* context,
                                                                const v1::GetSessionDigestRequest* request,
                                                                v1::SessionDigest* reply) {
  return gate_.Blocking(
      context, "papertape.trade_engine.v1.SessionBooksService.GetSessionDigest", request, reply,
      [this](const rpc::Call&, const v1::GetSessionDigestRequest& in, v1::SessionDigest& out) -> absl::Status {
        EventDigest digest;
        v1::TradingEvent event;
        PT_RETURN_IF_ERROR(events_.ForEach(in.session(), [&](const StoredEvent& stored) -> absl::Status {
          if (!event.ParseFromString(stored.payload)) return Error(Reason::kINTERNAL, "an event cannot be read");
          digest.Add(stored.user_id, stored.time, event);
          return absl::OkStatus();
        }));
        out.set_session(in.session());
        out.set_events(digest.events());
        out.set_sha256(digest.Finish());
        return absl::OkStatus();
      });
}

}  // namespace papertape::trade_engine
