// A request that may be repeated under its Idempotency-Key. rpc/ makes it of the call (libs/rpc/repeat.h), domain/
// hands it on unread, store/ honours it in the transaction of the effect (once.h). A plain value.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace papertape::idempotency {

struct Key {
  std::int64_t user_id = 0;  // whose key it is; 0: callers without an account
  std::string text;          // the header's value; empty: the request cannot be repeated
  std::string fingerprint;   // of method and request: the same key with another request is a conflict
  [[nodiscard]] bool empty() const { return text.empty(); }
};

// A request whose effect answers a Result. Made empty, it cannot be repeated.
template <class Result>
struct Repeatable {
  Key key;
  // The answer that is kept, and the result that it stands for. A secret is no part of it: what is shown once is shown
  // once.
  std::function<std::string(const Result&)> encode;
  std::function<Result(std::string_view)> decode;
};

}  // namespace papertape::idempotency
