#include "libs/json/json_writer.h"

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/json/json_text.h"
#include "libs/money/money.h"
#include "papertape/type/v1/decimal.pb.h"

namespace papertape::json {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// 0001-01-01 and 9999-12-31, between which RFC 3339 has words.
constexpr std::int64_t kFirstSecond = -62'135'596'800;
constexpr std::int64_t kLastSecond = 253'402'300'799;

template <class Number>
void AppendNumber(Number value, std::string& out) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), end.ptr);
}

template <class Real>
void AppendReal(Real value, std::string& out) {
  if (std::isfinite(value)) {
    AppendNumber(value, out);
  } else {
    out += "null";
  }
}

void AppendTimestamp(const google::protobuf::Timestamp& time, std::string& out) {
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond) {
    out += "null";
    return;
  }
  out += '"';
  AppendRfc3339(FromMicrosSinceEpoch(time.seconds() * kMicrosPerUnit + time.nanos() / 1000), out);
  out += '"';
}

void AppendWord(const EnumPlan& words, int number, std::string& out) {
  const std::string* word = words.Find(number);
  out += word == nullptr ? "null" : *word;
}

void AppendBytes(std::string_view bytes, std::string& out) {
  out += '"';
  AppendBase64(bytes, out);
  out += '"';
}

void AppendMessage(const FieldPlan& plan, const Message& message, std::string& out) {
  if (plan.kind == FieldKind::kDecimal) {
    AppendDecimal(static_cast<const type::v1::Decimal&>(message).micros(), out);
  } else if (plan.kind == FieldKind::kTimestamp) {
    AppendTimestamp(static_cast<const google::protobuf::Timestamp&>(message), out);
  } else {
    WriteJson(*plan.message, message, out);
  }
}

void AppendText(FieldKind kind, const std::string& text, std::string& out) {
  if (kind == FieldKind::kString) {
    AppendString(text, out);
  } else if (kind == FieldKind::kBytes) {
    AppendBytes(text, out);
  } else {
    out += text.empty() ? "null" : text;
  }
}

void WriteSingular(const FieldPlan& plan, const Message& message, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* field = plan.field;
  if (plan.has_presence && !reflection.HasField(message, field)) {
    out += "null";
    return;
  }
  std::string scratch;
  switch (plan.kind) {
    case FieldKind::kBool:
      out += reflection.GetBool(message, field) ? "true" : "false";
      return;
    case FieldKind::kInt32:
      return AppendNumber(reflection.GetInt32(message, field), out);
    case FieldKind::kInt64:
      return AppendNumber(reflection.GetInt64(message, field), out);
    case FieldKind::kUint32:
      return AppendNumber(reflection.GetUInt32(message, field), out);
    case FieldKind::kUint64:
      return AppendNumber(reflection.GetUInt64(message, field), out);
    case FieldKind::kFloat:
      return AppendReal(reflection.GetFloat(message, field), out);
    case FieldKind::kDouble:
      return AppendReal(reflection.GetDouble(message, field), out);
    case FieldKind::kString:
    case FieldKind::kBytes:
    case FieldKind::kRawJson:
      return AppendText(plan.kind, reflection.GetStringReference(message, field, &scratch), out);
    case FieldKind::kEnum:
      return AppendWord(*plan.words, reflection.GetEnumValue(message, field), out);
    case FieldKind::kDecimal:
    case FieldKind::kTimestamp:
    case FieldKind::kMessage:
      return AppendMessage(plan, reflection.GetMessage(message, field), out);
  }
}

void WriteElement(const FieldPlan& plan, const Message& message, int i, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* field = plan.field;
  std::string scratch;
  switch (plan.kind) {
    case FieldKind::kBool:
      out += reflection.GetRepeatedBool(message, field, i) ? "true" : "false";
      return;
    case FieldKind::kInt32:
      return AppendNumber(reflection.GetRepeatedInt32(message, field, i), out);
    case FieldKind::kInt64:
      return AppendNumber(reflection.GetRepeatedInt64(message, field, i), out);
    case FieldKind::kUint32:
      return AppendNumber(reflection.GetRepeatedUInt32(message, field, i), out);
    case FieldKind::kUint64:
      return AppendNumber(reflection.GetRepeatedUInt64(message, field, i), out);
    case FieldKind::kFloat:
      return AppendReal(reflection.GetRepeatedFloat(message, field, i), out);
    case FieldKind::kDouble:
      return AppendReal(reflection.GetRepeatedDouble(message, field, i), out);
    case FieldKind::kString:
    case FieldKind::kBytes:
    case FieldKind::kRawJson:
      return AppendText(plan.kind, reflection.GetRepeatedStringReference(message, field, i, &scratch), out);
    case FieldKind::kEnum:
      return AppendWord(*plan.words, reflection.GetRepeatedEnumValue(message, field, i), out);
    case FieldKind::kDecimal:
    case FieldKind::kTimestamp:
    case FieldKind::kMessage:
      return AppendMessage(plan, reflection.GetRepeatedMessage(message, field, i), out);
  }
}

// `"key":value` of each entry, commas between them; nothing of an empty map.
void WriteEntries(const FieldPlan& plan, const Message& message, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  const FieldPlan& key_plan = plan.message->fields[0];
  const FieldPlan& value_plan = plan.message->fields[1];
  std::vector<std::pair<std::string, std::string>> entries;
  for (int i = 0; i < reflection.FieldSize(message, plan.field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, plan.field, i);
    auto& [key, value] = entries.emplace_back();
    WriteSingular(key_plan, entry, key);
    if (key[0] != '"') key = '"' + key + '"';
    WriteSingular(value_plan, entry, value);
  }
  std::sort(entries.begin(), entries.end());
  for (const auto& [key, value] : entries) {
    if (&key != &entries.front().first) out += ',';
    out += key + ':' + value;
  }
}

void WriteMap(const FieldPlan& plan, const Message& message, std::string& out) {
  out += '{';
  WriteEntries(plan, message, out);
  out += '}';
}

void WriteList(const FieldPlan& plan, const Message& message, std::string& out) {
  const int size = message.GetReflection()->FieldSize(message, plan.field);
  out += '[';
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    WriteElement(plan, message, i, out);
  }
  out += ']';
}

}  // namespace

void WriteField(const FieldPlan& field, const Message& message, std::string& out) {
  if (field.map) return WriteMap(field, message, out);
  if (field.repeated) return WriteList(field, message, out);
  WriteSingular(field, message, out);
}

void WriteJson(const MessagePlan& plan, const Message& message, std::string& out) {
  out += '{';
  bool first = true;
  for (const FieldPlan& field : plan.fields) {
    if (field.omit_absent && field.has_presence && !message.GetReflection()->HasField(message, field.field)) continue;
    if (field.flatten && message.GetReflection()->FieldSize(message, field.field) == 0) continue;
    if (!first) out += ',';
    first = false;
    if (field.flatten) {
      WriteEntries(field, message, out);
      continue;
    }
    out += field.label;
    WriteField(field, message, out);
  }
  out += '}';
}

void WriteJson(const Message& message, std::string& out) { WriteJson(PlanOf(*message.GetDescriptor()), message, out); }

std::string ToJson(const Message& message) {
  std::string out;
  WriteJson(message, out);
  return out;
}

}  // namespace papertape::json
