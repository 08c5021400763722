#include "libs/json/json_plan.h"

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "papertape/api/v1/options.pb.h"
#include "papertape/type/v1/decimal.pb.h"

namespace papertape::json {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

std::string UpperCase(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

// "TradeType" -> "TRADE_TYPE_".
std::string PrefixOf(const EnumDescriptor& descriptor) {
  std::string prefix;
  for (const char c : descriptor.name()) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return prefix + '_';
}

std::unique_ptr<EnumPlan> MakeEnumPlan(const EnumDescriptor& descriptor) {
  auto plan = std::make_unique<EnumPlan>();
  const std::string prefix = PrefixOf(descriptor);
  for (int i = 0; i < descriptor.value_count(); ++i) {
    const auto& value = *descriptor.value(i);
    std::string_view word = value.name();
    if (word.substr(0, prefix.size()) == prefix) word.remove_prefix(prefix.size());
    if (value.number() < 0 || (value.number() == 0 && word == "UNSPECIFIED")) continue;
    const auto number = static_cast<std::size_t>(value.number());
    if (plan->quoted.size() <= number) plan->quoted.resize(number + 1);
    if (plan->quoted[number].empty()) plan->quoted[number] = '"' + std::string(word) + '"';
    plan->by_word.emplace(UpperCase(word), value.number());
    plan->by_word.emplace(UpperCase(value.name()), value.number());
    plan->allowed += (plan->allowed.empty() ? "" : ", ") + std::string(word);
  }
  return plan;
}

FieldKind KindOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return FieldKind::kBool;
    case FieldDescriptor::CPPTYPE_INT32:
      return FieldKind::kInt32;
    case FieldDescriptor::CPPTYPE_INT64:
      return FieldKind::kInt64;
    case FieldDescriptor::CPPTYPE_UINT32:
      return FieldKind::kUint32;
    case FieldDescriptor::CPPTYPE_UINT64:
      return FieldKind::kUint64;
    case FieldDescriptor::CPPTYPE_FLOAT:
      return FieldKind::kFloat;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return FieldKind::kDouble;
    case FieldDescriptor::CPPTYPE_ENUM:
      return FieldKind::kEnum;
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) return FieldKind::kBytes;
      return field.options().GetExtension(api::v1::field).raw_json() ? FieldKind::kRawJson : FieldKind::kString;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type() == type::v1::Decimal::descriptor()) return FieldKind::kDecimal;
      if (field.message_type() == google::protobuf::Timestamp::descriptor()) return FieldKind::kTimestamp;
      return FieldKind::kMessage;
  }
  return FieldKind::kString;
}

bool IsUpdateMask(const FieldDescriptor& field) {
  return field.name() == "update_mask" && !field.is_repeated() &&
         field.message_type() == google::protobuf::FieldMask::descriptor();
}

class Registry {
 public:
  const MessagePlan& Of(const Descriptor& descriptor) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = messages_.find(&descriptor); found != messages_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    return *Make(descriptor);
  }

 private:
  // Enters the plan before it is complete, because message types may contain themselves.
  const MessagePlan* Make(const Descriptor& descriptor) {
    auto& slot = messages_[&descriptor];
    if (slot != nullptr) return slot.get();
    slot = std::make_unique<MessagePlan>();
    MessagePlan& plan = *slot;
    plan.descriptor = &descriptor;
    const bool json_names = descriptor.options().GetExtension(api::v1::message).print_json_names();
    plan.fields.reserve(static_cast<std::size_t>(descriptor.field_count()));
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      if (IsUpdateMask(field)) {
        plan.update_mask = &field;
        continue;
      }
      FieldPlan made = MakeField(field, plan.fields.size());
      made.label = '"' + (json_names ? field.json_name() : field.name()) + "\":";
      plan.by_name.emplace(field.name(), made.index);
      plan.by_name.emplace(field.json_name(), made.index);
      plan.by_name.emplace(field.camelcase_name(), made.index);
      plan.fields.push_back(std::move(made));
    }
    return &plan;
  }

  FieldPlan MakeField(const FieldDescriptor& field, std::size_t index) {
    FieldPlan plan;
    plan.field = &field;
    plan.index = index;
    plan.map = field.is_map();
    plan.repeated = field.is_repeated() && !plan.map;
    plan.has_presence = field.has_presence();
    plan.omit_absent = field.options().GetExtension(api::v1::field).omit_absent();
    plan.flatten = plan.map && field.options().GetExtension(api::v1::field).flatten();
    const FieldDescriptor& value = plan.map ? *field.message_type()->map_value() : field;
    plan.kind = KindOf(value);
    if (plan.kind == FieldKind::kEnum) {
      auto& words = enums_[value.enum_type()];
      if (words == nullptr) words = MakeEnumPlan(*value.enum_type());
      plan.words = words.get();
    }
    if (plan.map || plan.kind == FieldKind::kMessage) plan.message = Make(*field.message_type());
    return plan;
  }

  std::shared_mutex mutex_;
  std::unordered_map<const Descriptor*, std::unique_ptr<MessagePlan>> messages_;
  std::unordered_map<const EnumDescriptor*, std::unique_ptr<EnumPlan>> enums_;
};

}  // namespace

const std::string* EnumPlan::Find(int number) const {
  const auto index = static_cast<std::size_t>(number);
  return number < 0 || index >= quoted.size() || quoted[index].empty() ? nullptr : &quoted[index];
}

int EnumPlan::Parse(std::string_view word) const {
  const auto found = by_word.find(UpperCase(word));
  return found == by_word.end() ? -1 : found->second;
}

const FieldPlan* MessagePlan::Find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &fields[found->second];
}

const MessagePlan& PlanOf(const Descriptor& descriptor) {
  static auto* const registry = new Registry;
  return registry->Of(descriptor);
}

}  // namespace papertape::json
