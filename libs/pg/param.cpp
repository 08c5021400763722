#include <algorithm>
#include <array>
#include <charconv>

#include "libs/pg/pool.h"
#include "libs/pg/text_format.h"

namespace papertape::pg {
namespace {

// What an array literal takes without quotes. Anything else is quoted: quoting too much is never wrong.
bool IsPlain(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '+' || c == ':' || c == '_';
  };
  // Four letters may be the word NULL, in any case.
  return !text.empty() && text.size() != 4 && std::all_of(text.begin(), text.end(), plain);
}

}  // namespace

Param::Param(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.emplace(digits.data(), end);
}

Param::Param(Timestamp value) { AppendTimestamp(value, text_.emplace()); }

Param Param::Bytes(std::string_view bytes) {
  std::string text;
  AppendBytea(bytes, text);
  return Param(std::move(text));
}

void ArrayParam::Reserve(std::size_t count, std::size_t bytes_each) {
  literal_.reserve(literal_.size() + 2 + count * (bytes_each + 1));
}

void ArrayParam::Separate() { literal_ += literal_.empty() ? '{' : ','; }

void ArrayParam::AddNull() {
  Separate();
  literal_ += "NULL";
}

void ArrayParam::AddText(std::string_view text) {
  Separate();
  if (IsPlain(text)) {
    literal_ += text;
    return;
  }
  literal_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') literal_ += '\\';
    literal_ += c;
  }
  literal_ += '"';
}

void ArrayParam::AddInt(std::int64_t value) {
  Separate();
  std::array<char, 24> digits{};
  literal_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void ArrayParam::AddMicros(std::int64_t micros) {
  Separate();
  AppendDecimal(micros, literal_);
}

void ArrayParam::AddTime(Timestamp time) {
  Separate();
  literal_ += '"';
  AppendTimestamp(time, literal_);
  literal_ += '"';
}

Param ArrayParam::Finish() {
  if (literal_.empty()) literal_ = "{";
  literal_ += '}';
  Param array(std::move(literal_));
  literal_.clear();
  return array;
}

}  // namespace papertape::pg
