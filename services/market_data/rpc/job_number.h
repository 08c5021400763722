// The number of a new job as what is kept under an Idempotency-Key: all else that the first answer said never changes.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "libs/rpc/repeat.h"

namespace papertape::market {

inline idempotency::Repeatable<std::int64_t> RepeatableJob(const rpc::Call& call) {
  return {.key = rpc::KeyOf(call),
          .encode = [](const std::int64_t& id) { return std::to_string(id); },
          .decode =
              [](std::string_view text) {
                std::int64_t id = 0;
                std::from_chars(text.data(), text.data() + text.size(), id);
                return id;
              }};
}

}  // namespace papertape::market
