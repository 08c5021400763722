#include "libs/execution/model_text.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/money/money.h"
#include "libs/status/status.h"

namespace papertape::execution {

absl::StatusOr<ModelText> ReadModelText(std::string_view text) {
  std::size_t end = std::min(text.find(':'), text.size());
  ModelText model{.name = text.substr(0, end), .numbers = {}};
  while (end < text.size()) {
    const std::size_t begin = end + 1;
    end = std::min(text.find(':', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const absl::StatusOr<std::int64_t> number = ParseDecimal(word);
    if (!number.ok() || *number < 0) {
      return Error(Reason::kINVALID_ARGUMENT,
                   fmt::format("`{}`: `{}` must be a number of 0 or more with at most six decimals.", text, word));
    }
    model.numbers.push_back(*number);
  }
  return model;
}

absl::Status UnknownModel(std::string_view text, std::string_view allowed) {
  return Error(Reason::kINVALID_ARGUMENT, fmt::format("`{}` is not a model; there are {}.", text, allowed));
}

}  // namespace papertape::execution
