// Makes a call's request repeatable under its Idempotency-Key.
#pragma once

#include <string>
#include <string_view>

#include "libs/idempotency/repeatable.h"
#include "libs/rpc/gate.h"

namespace papertape::rpc {

inline idempotency::Key KeyOf(const Call& call) {
  return {.user_id = call.caller.user_id, .text = call.idempotency_key, .fingerprint = call.fingerprint};
}

// What is kept is the reply. The result's namespace has `void Encode(const Result&, Reply&)` and its inverse
// `void Decode(const Reply&, Result&)`; fields of the result that the reply lacks stay as they are made.
template <class Result, class Reply>
idempotency::Repeatable<Result> RepeatableAs(const Call& call) {
  return {.key = KeyOf(call),
          .encode =
              [](const Result& result) {
                Reply reply;
                Encode(result, reply);
                return reply.SerializeAsString();
              },
          .decode =
              [](std::string_view bytes) {
                Reply reply;
                reply.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
                Result result;
                Decode(reply, result);
                return result;
              }};
}

}  // namespace papertape::rpc
