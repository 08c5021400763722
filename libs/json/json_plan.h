// How a message type looks as JSON, worked out once from its descriptor and kept for the life of the process, so that
// printing and reading a message look nothing up by name. Messages must come from the generated classes.
// Thread-safe; the plans are immutable.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace papertape::json {

// What one value of a field is; of a map, what its values are.
enum class FieldKind : std::uint8_t {
  kBool,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kFloat,
  kDouble,
  kString,
  kBytes,      // base64
  kRawJson,    // a string that holds JSON text
  kEnum,       // a word without the enum's prefix
  kDecimal,    // papertape.type.v1.Decimal: an exact number
  kTimestamp,  // google.protobuf.Timestamp: RFC 3339
  kMessage,
};

struct EnumPlan {
  // The quoted word of a number; null for the unspecified and unknown ones.
  [[nodiscard]] const std::string* Find(int number) const;
  // The number of a word, short or full, in any case; -1 for the unspecified and unknown ones.
  [[nodiscard]] int Parse(std::string_view word) const;

  std::vector<std::string> quoted;               // by number, from 0
  std::unordered_map<std::string, int> by_word;  // upper case
  std::string allowed;                           // "BUY, SELL"
};

struct MessagePlan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  FieldKind kind = FieldKind::kString;
  bool repeated = false;  // a list; not a map
  bool map = false;
  bool has_presence = false;
  bool omit_absent = false;
  bool flatten = false;                  // a map whose entries stand among the message's own fields
  std::size_t index = 0;                 // in MessagePlan::fields
  std::string label;                     // `"name":`
  const MessagePlan* message = nullptr;  // of a kMessage; of a map, of its entry
  const EnumPlan* words = nullptr;       // of a kEnum
};

struct MessagePlan {
  // By snake_case or camelCase name; null for an unknown one.
  [[nodiscard]] const FieldPlan* Find(std::string_view name) const;

  const google::protobuf::Descriptor* descriptor = nullptr;
  const google::protobuf::FieldDescriptor* update_mask = nullptr;  // a google.protobuf.FieldMask; no field to clients
  std::vector<FieldPlan> fields;
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_name;
};

// The plan of a message type; made on first use.
const MessagePlan& PlanOf(const google::protobuf::Descriptor& descriptor);

}  // namespace papertape::json
