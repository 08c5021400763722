#include "libs/json/field_value.h"

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "libs/clock/clock.h"
#include "libs/json/json_text.h"
#include "libs/money/money.h"
#include "libs/status/status.h"
#include "papertape/type/v1/decimal.pb.h"

namespace papertape::json {
namespace {

using google::protobuf::Message;

// A value or what is wrong with it.
template <class T>
struct Read {
  T value{};
  std::string problem;
};

template <class Integer>
Read<Integer> ReadInteger(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return {value, ""};
  // "5.0" and "1e3" are whole numbers too.
  const absl::StatusOr<std::int64_t> micros = ParseDecimal(text);
  if (error == std::errc::result_out_of_range || (micros.ok() && *micros % kMicrosPerUnit == 0)) {
    if (micros.ok() && std::in_range<Integer>(*micros / kMicrosPerUnit)) {
      return {static_cast<Integer>(*micros / kMicrosPerUnit), ""};
    }
    return {0, "is out of range"};
  }
  return {0, "must be a whole number"};
}

template <class Real>
Read<Real> ReadReal(std::string_view text) {
  Real value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return {0, "is out of range"};
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {0, "must be a number"};
  return {value, ""};
}

Read<bool> ReadBool(std::string_view text) {
  std::string lower(text.substr(0, 8));
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "true" || lower == "1" || lower == "yes" || lower == "on") return {true, ""};
  if (lower == "false" || lower == "0" || lower == "no" || lower == "off") return {false, ""};
  return {false, "must be true or false"};
}

std::string TextProblem(std::string_view text) {
  if (!IsUtf8(text)) return "is not valid UTF-8";
  // No database column of ours can hold it.
  if (text.find('\0') != std::string_view::npos) return "must not contain the character U+0000";
  return "";
}

// RFC 3339; without an offset UTC is meant, and a day alone is its midnight.
Read<Timestamp> ReadTimestamp(std::string_view text) {
  for (const auto& parsed : {ParseRfc3339(text), ParseRfc3339(std::string(text) + "Z"), ParseDate(text)}) {
    if (parsed.ok()) return {*parsed, ""};
  }
  return {{}, "must be an RFC 3339 time such as 2026-03-02T14:30:00Z"};
}

std::string SetTimestamp(std::string_view text, google::protobuf::Timestamp& out) {
  const auto [time, problem] = ReadTimestamp(text.substr(0, 64));
  if (!problem.empty()) return problem;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  out.set_seconds(seconds.time_since_epoch().count());
  out.set_nanos(static_cast<std::int32_t>((time - seconds).count() * 1000));
  return "";
}

std::string SetDecimal(std::string_view text, type::v1::Decimal& out) {
  const absl::StatusOr<std::int64_t> micros = ParseDecimal(text);
  if (!micros.ok()) return std::string(MessageOf(micros.status()));
  out.set_micros(*micros);
  return "";
}

// The message that a value of this field goes to.
Message& Target(const FieldPlan& plan, Message& message) {
  const auto& reflection = *message.GetReflection();
  return plan.repeated ? *reflection.AddMessage(&message, plan.field)
                       : *reflection.MutableMessage(&message, plan.field);
}

// `set` and `add` are the reflection's members for the value's type.
template <class Value, class Set, class Add>
std::string Put(const FieldPlan& plan, Message& message, Read<Value> read, Set set, Add add) {
  if (!read.problem.empty()) return std::move(read.problem);
  const auto& reflection = *message.GetReflection();
  if (plan.repeated) {
    (reflection.*add)(&message, plan.field, std::move(read.value));
  } else {
    (reflection.*set)(&message, plan.field, std::move(read.value));
  }
  return "";
}

using R = google::protobuf::Reflection;

std::string PutText(const FieldPlan& plan, std::string_view text, Message& message) {
  Read<std::string> read;
  if (plan.kind == FieldKind::kString) {
    read = {std::string(text), TextProblem(text)};
  } else if (plan.kind == FieldKind::kBytes) {
    auto bytes = ParseBase64(text);
    if (!bytes) return "must be base64";
    read.value = *std::move(bytes);
  } else {
    // A raw field keeps the value's JSON.
    if (std::string problem = TextProblem(text); !problem.empty()) return problem;
    AppendString(text, read.value);
  }
  return Put(plan, message, std::move(read), &R::SetString, &R::AddString);
}

std::string PutWord(const FieldPlan& plan, std::string_view text, Message& message) {
  const int number = plan.words->Parse(text.substr(0, 128));
  Read<int> read{number, number < 0 ? "must be one of " + plan.words->allowed : ""};
  return Put(plan, message, std::move(read), &R::SetEnumValue, &R::AddEnumValue);
}

std::string PutNumber(const FieldPlan& plan, std::string_view text, Message& message) {
  switch (plan.kind) {
    case FieldKind::kInt32:
      return Put(plan, message, ReadInteger<std::int32_t>(text), &R::SetInt32, &R::AddInt32);
    case FieldKind::kInt64:
      return Put(plan, message, ReadInteger<std::int64_t>(text), &R::SetInt64, &R::AddInt64);
    case FieldKind::kUint32:
      return Put(plan, message, ReadInteger<std::uint32_t>(text), &R::SetUInt32, &R::AddUInt32);
    case FieldKind::kUint64:
      return Put(plan, message, ReadInteger<std::uint64_t>(text), &R::SetUInt64, &R::AddUInt64);
    case FieldKind::kFloat:
      return Put(plan, message, ReadReal<float>(text), &R::SetFloat, &R::AddFloat);
    case FieldKind::kDouble:
      return Put(plan, message, ReadReal<double>(text), &R::SetDouble, &R::AddDouble);
    default:
      return SetDecimal(text, static_cast<type::v1::Decimal&>(Target(plan, message)));
  }
}

bool Fits(FieldKind kind, Written written) {
  if (written == Written::kString || written == Written::kPlain) return kind != FieldKind::kMessage;
  if (written == Written::kBool) return kind == FieldKind::kBool;
  return kind == FieldKind::kDecimal || (kind >= FieldKind::kInt32 && kind <= FieldKind::kDouble);
}

}  // namespace

std::string WhatIsWanted(const FieldPlan& plan) {
  switch (plan.kind) {
    case FieldKind::kBool:
      return "must be true or false";
    case FieldKind::kString:
      return "must be a string";
    case FieldKind::kBytes:
      return "must be base64";
    case FieldKind::kEnum:
      return "must be one of " + plan.words->allowed;
    case FieldKind::kTimestamp:
      return "must be an RFC 3339 time such as 2026-03-02T14:30:00Z";
    case FieldKind::kInt32:
    case FieldKind::kInt64:
    case FieldKind::kUint32:
    case FieldKind::kUint64:
      return "must be a whole number";
    case FieldKind::kMessage:
      return "must be an object";
    default:
      return "must be a number";
  }
}

std::string SetValue(const FieldPlan& plan, Written written, std::string_view text, Message& message) {
  if (!Fits(plan.kind, written)) return WhatIsWanted(plan);
  switch (plan.kind) {
    case FieldKind::kBool:
      return Put(plan, message, ReadBool(text), &R::SetBool, &R::AddBool);
    case FieldKind::kString:
    case FieldKind::kBytes:
    case FieldKind::kRawJson:
      return PutText(plan, text, message);
    case FieldKind::kEnum:
      return PutWord(plan, text, message);
    case FieldKind::kTimestamp:
      return SetTimestamp(text, static_cast<google::protobuf::Timestamp&>(Target(plan, message)));
    case FieldKind::kMessage:
      return WhatIsWanted(plan);
    default:
      return PutNumber(plan, text, message);
  }
}

}  // namespace papertape::json
