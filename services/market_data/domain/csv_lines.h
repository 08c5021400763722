// Lines of plain comma-separated text (no quoting), bounded, with errors that name the line. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace papertape::market {

// One line's fields without the spaces around them; views into the text.
struct CsvLine {
  std::size_t number = 0;  // from 1
  std::vector<std::string_view> fields;
  // INVALID_ARGUMENT on the field `csv`: "line 17: ...".
  [[nodiscard]] absl::Status Wrong(std::string_view what) const;
};

class CsvLines {
 public:
  // `text` outlives the reader. A byte order mark and carriage returns are passed over, and so are empty lines.
  CsvLines(std::string_view text, std::size_t max_line_bytes);
  // Nothing at the end; an error for a line that is too long.
  // Of it `number` tells, and reading may go on behind it.
  absl::StatusOr<std::optional<CsvLine>> Next();
  // Of the line read last, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::size_t max_line_bytes_;
  std::size_t number_ = 0;
};

std::string LowerCase(std::string_view text);

}  // namespace papertape::market
