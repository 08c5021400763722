// The typed door of the engine: included by engine.h only.
#pragma once

#include <memory>
#include <utility>

#include "libs/status/status.h"

namespace papertape::trade_engine {

template <class Command, class Result>
Engine::Work Engine::MakeWork(RequestContext context, Command command, std::function<std::string(const Result&)> encode,
                              std::function<void(const std::string&)> replay,
                              std::function<void(absl::StatusOr<Result>)> done, const Clock& machine) {
  return [context = std::move(context), command = std::move(command), encode = std::move(encode),
          replay = std::move(replay), done = std::move(done),
          &machine](Book& book, Batch& batch, Timestamp now) -> Answer {
    const auto refuse = [&](const absl::Status& why) -> Answer {
      return [done, why](const absl::Status& committed) { done(committed.ok() ? why : committed); };
    };
    if (machine.Steady() > context.deadline) return refuse(Error(Reason::kDEADLINE_EXCEEDED));
    if (!context.idempotency_key.empty()) {
      if (const RememberedReply* known = book.FindReply(context.user_id, context.idempotency_key)) {
        if (known->fingerprint != context.fingerprint) return refuse(Error(Reason::kIDEMPOTENCY_CONFLICT));
        return [done, replay, reply = known->reply](const absl::Status& committed) {
          if (committed.ok()) replay(reply);
          if (!committed.ok()) done(committed);
        };
      }
    }
    absl::StatusOr<Result> result = book.Decide(command, now, context.request_id, batch);
    if (!result.ok()) return refuse(result.status());
    if (!context.idempotency_key.empty()) {
      book.Remember({context.user_id, context.idempotency_key, context.fingerprint, encode(*result), machine.Now()},
                    batch);
    }
    return [done, result = std::make_shared<Result>(*std::move(result))](const absl::Status& committed) {
      if (committed.ok()) return done(std::move(*result));
      done(committed);
    };
  };
}

template <class Command, class Result>
void Engine::Submit(RequestContext context, Command command, std::function<std::string(const Result&)> encode,
                    std::function<void(const std::string&)> replay, std::function<void(absl::StatusOr<Result>)> done) {
  Answer refuse = [done](const absl::Status& why) { done(why); };
  Enqueue(MakeWork<Command, Result>(std::move(context), std::move(command), std::move(encode), std::move(replay),
                                    std::move(done), clock_),
          std::move(refuse));
}

}  // namespace papertape::trade_engine
