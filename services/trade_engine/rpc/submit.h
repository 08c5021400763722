// Gives one decoded command to the engine and its outcome to the caller: the same for every call that changes
// something.
#pragma once

#include <functional>
#include <utility>

#include "libs/rpc/gate.h"
#include "services/trade_engine/domain/engine.h"
#include "services/trade_engine/rpc/trade_messages.h"

namespace papertape::trade_engine {

using Done = std::function<void(const absl::Status&)>;

// `reply` and `done` belong to the running call. `look` sees the result before it is encoded; it may be empty.
template <class Result, class Command, class Reply>
void SubmitTo(Engine& engine, const rpc::Call& call, Command command, Reply& reply, Done done,
              std::function<void(const Result&)> look = {}) {
  RequestContext context{.user_id = call.caller.user_id,
                         .request_id = call.request_id,
                         .deadline = call.deadline,
                         .idempotency_key = call.idempotency_key,
                         .fingerprint = call.fingerprint};
  engine.Submit<Command, Result>(
      std::move(context), std::move(command),
      [](const Result& result) {
        Reply remembered;
        Encode(result, remembered);
        return remembered.SerializeAsString();
      },
      [&reply, done](const std::string& remembered) {
        reply.ParseFromString(remembered);
        done(absl::OkStatus());
      },
      [&reply, done, look = std::move(look)](const absl::StatusOr<Result>& result) {
        if (result.ok() && look) look(*result);
        if (result.ok()) Encode(*result, reply);
        done(result.status());
      });
}

}  // namespace papertape::trade_engine
