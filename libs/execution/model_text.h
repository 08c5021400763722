// How models are written in settings and kept with an account: a name and its numbers, "per_share:0.005:1:1".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace papertape::execution {

struct ModelText {
  std::string_view name;
  std::vector<std::int64_t> numbers;  // millionths, none negative; a percent is a rate in units of kRateUnit
};

// INVALID_ARGUMENT says which number does not read.
absl::StatusOr<ModelText> ReadModelText(std::string_view text);

// INVALID_ARGUMENT: `text` is none of `allowed`, which is for people.
absl::Status UnknownModel(std::string_view text, std::string_view allowed);

}  // namespace papertape::execution
