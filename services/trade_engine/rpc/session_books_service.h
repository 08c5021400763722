// papertape.trade_engine.v1.SessionBooksService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/trade_engine/v1/session_books_service.grpc.pb.h"
#include "services/trade_engine/domain/engine.h"

namespace papertape::trade_engine {

class SessionBooksService final : public v1::SessionBooksService::CallbackService {
 public:
  // Everything must outlive the service.
  SessionBooksService(rpc::Gate& gate, const Engine& engine, const CommittedView& view, EventArchive& events)
      : gate_(gate), engine_(engine), view_(view), events_(events) {}

  grpc::ServerUnaryReactor* GetOpenBooks(grpc::CallbackServerContext* context, const v1::GetOpenBooksRequest* request,
                                         v1::OpenBooks* reply) override;
  grpc::ServerUnaryReactor* GetSessionDigest(grpc::CallbackServerContext* context,
                                             const v1::GetSessionDigestRequest* request,
                                             v1::SessionDigest* reply) override;

 private:
  rpc::Gate& gate_;
  const Engine& engine_;
  const CommittedView& view_;
  EventArchive& events_;
};

}  // namespace papertape::trade_engine
