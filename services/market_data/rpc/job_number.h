// The number of a new job as what is kept under its key: all else that the first answer said never changes.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "libs/idempotency/repeatable.h"

namespace papertape::market {

inline idempotency::Repeatable<std::int64_t> RepeatableJob(idempotency::Key key) {
  return {.key = std::move(key),
          .encode = [](const std::int64_t& id) { return std::to_string(id); },
          .decode =
              [](std::string_view text) {
                std::int64_t id = 0;
                std::from_chars(text.data(), text.data() + text.size(), id);
                return id;
              }};
}

}  // namespace papertape::market
