#include <charconv>
#include <cstdlib>
#include <pqxx/pqxx>

#include "libs/log/log.h"
#include "libs/pg/pool.h"
#include "libs/pg/text_format.h"

namespace papertape::pg {
namespace {

// A row or column that the statement did not select is a bug of the caller.
pqxx::field FieldAt(const std::shared_ptr<const void>& shared, std::size_t row, int column) {
  const auto& result = *static_cast<const pqxx::result*>(shared.get());
  if (row >= result.size() || column < 0 || column >= static_cast<int>(result.columns())) {
    log::Error("a row or column outside the result was read", {{"row", row}, {"column", column}});
    std::abort();
  }
  return result[static_cast<pqxx::result::size_type>(row)][static_cast<pqxx::row::size_type>(column)];
}

// The bytes belong to the result, not to the field.
std::string_view View(const pqxx::field& field) { return {field.c_str(), field.size()}; }

template <class Number>
Number ToNumber(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : Number{};
}

}  // namespace

Rows::Rows(std::shared_ptr<const void> result) : result_(std::move(result)) {}

std::size_t Rows::size() const { return static_cast<const pqxx::result*>(result_.get())->size(); }

std::int64_t Rows::affected() const {
  return static_cast<std::int64_t>(static_cast<const pqxx::result*>(result_.get())->affected_rows());
}

bool Rows::IsNull(std::size_t row, int column) const { return FieldAt(result_, row, column).is_null(); }

std::string_view Rows::Text(std::size_t row, int column) const { return View(FieldAt(result_, row, column)); }

std::optional<std::string> Rows::OptionalText(std::size_t row, int column) const {
  const pqxx::field field = FieldAt(result_, row, column);
  if (field.is_null()) return std::nullopt;
  return std::string(View(field));
}

std::int64_t Rows::Int(std::size_t row, int column) const { return ToNumber<std::int64_t>(Text(row, column)); }

double Rows::Double(std::size_t row, int column) const { return ToNumber<double>(Text(row, column)); }

bool Rows::Bool(std::size_t row, int column) const { return Text(row, column) == "t"; }

Timestamp Rows::Time(std::size_t row, int column) const { return ParseTimestamp(Text(row, column)); }

std::string Rows::Bytes(std::size_t row, int column) const { return ParseBytea(Text(row, column)); }

std::int64_t Rows::MicrosAt(std::size_t row, int column) const { return ParseDecimal(Text(row, column)).value_or(0); }

}  // namespace papertape::pg
