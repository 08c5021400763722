#include "libs/json/json_reader.h"

#include <google/protobuf/field_mask.pb.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <string>
#include <vector>

#include "fmt/format.h"
#include "libs/json/field_value.h"
#include "libs/json/json_text.h"
#include "rapidjson/error/en.h"

namespace papertape::json {
namespace {

using google::protobuf::Message;

// One open object or array.
struct Level {
  enum class Kind {
    kRoot,     // around the whole text, when it is one field's value
    kMessage,  // an object that is a message
    kMap,      // an object that is a map
    kList,     // an array that is a list
    kRaw,      // kept as text
    kInRaw,    // inside a kRaw
    kIgnored,
  } kind = Kind::kIgnored;
  Message* message = nullptr;         // what fields are set in
  const MessagePlan* plan = nullptr;  // of `message`, in a kMessage
  const FieldPlan* field = nullptr;   // what a value that comes now is for; null: nothing we know
  std::string key;                    // as the client wrote it
  int index = -1;                     // of the newest element, in a kList
  std::vector<bool> seen;             // by FieldPlan::index, in a kMessage
  std::size_t start = 0;              // where the text begins, in a kRaw
};

// Receives RapidJSON's events. Answers false only to stop because of depth.
class Receiver {
 public:
  using Ch = char;

  Receiver(std::string_view text, const rapidjson::MemoryStream& stream, Violations& violations)
      : text_(text), stream_(stream), violations_(violations) {}

  void BeginMessage(Message& message) {
    // The root object arrives as the value of this level, which has no name.
    levels_.push_back({.kind = Level::Kind::kRoot, .message = &message});
  }
  void BeginField(const FieldPlan& field, Message& message) {
    levels_.push_back({.kind = Level::Kind::kRoot, .message = &message, .field = &field, .key = field.field->name()});
  }

  bool Null() {
    if (Level* level = TakesValue(); level != nullptr) {
      if (level->kind == Level::Kind::kList) Wrong("must not be null");
      if (level->kind == Level::Kind::kRoot && level->field == nullptr) root_is_object_ = false;
    }
    return true;
  }
  bool Bool(bool value) { return Scalar(Written::kBool, value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    return Scalar(Written::kNumber, {text, length});
  }
  bool String(const char* text, rapidjson::SizeType length, bool) { return Scalar(Written::kString, {text, length}); }
  // Never called: numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    Level& level = levels_.back();
    const std::string_view name(text, length);
    if (level.kind == Level::Kind::kMap) level.key = name;
    if (level.kind != Level::Kind::kMessage) return true;
    level.key = name;
    level.field = level.plan->Find(name);
    if (level.field == nullptr) return true;
    if (level.seen[level.field->index]) {
      Wrong("is given twice");
      level.field = nullptr;
      return true;
    }
    level.seen[level.field->index] = true;
    if (level.plan->update_mask != nullptr && levels_.size() == 2) NoteUpdate(level);
    return true;
  }

  bool StartObject() {
    if (levels_.size() > kMaxDepth) return false;
    Level opened{.kind = InRaw() ? Level::Kind::kInRaw : Level::Kind::kIgnored};
    if (Level* level = TakesValue(); level != nullptr) {
      if (level->field == nullptr) {
        opened = AMessage(*level->message);
      } else if (const FieldPlan& field = *level->field; field.map && level->kind != Level::Kind::kMap) {
        opened = {.kind = Level::Kind::kMap, .message = level->message, .field = &field};
      } else if (field.kind == FieldKind::kRawJson) {
        opened = {.kind = Level::Kind::kRaw, .message = level->message, .field = &field, .start = stream_.Tell()};
      } else if (field.kind == FieldKind::kMessage && (!field.repeated || level->kind == Level::Kind::kList)) {
        opened = AMessage(NewMessage(*level));
      } else {
        Wrong(Problem(*level));
      }
    }
    levels_.push_back(std::move(opened));
    return true;
  }

  bool StartArray() {
    if (levels_.size() > kMaxDepth) return false;
    Level opened{.kind = InRaw() ? Level::Kind::kInRaw : Level::Kind::kIgnored};
    if (Level* level = TakesValue(); level != nullptr) {
      if (level->field == nullptr) {
        root_is_object_ = false;
      } else if (const FieldPlan& field = *level->field; field.repeated && level->kind != Level::Kind::kList) {
        level->message->GetReflection()->ClearField(level->message, field.field);
        opened = {.kind = Level::Kind::kList, .message = level->message, .field = &field};
      } else if (field.kind == FieldKind::kRawJson) {
        opened = {.kind = Level::Kind::kRaw, .message = level->message, .field = &field, .start = stream_.Tell()};
      } else {
        Wrong(Problem(*level));
      }
    }
    levels_.push_back(std::move(opened));
    return true;
  }

  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool EndArray(rapidjson::SizeType) { return Close(); }

  // Of the value that is being read: `documents[0].content`.
  [[nodiscard]] std::string Path() const {
    std::string path;
    for (const Level& level : levels_) {
      if (level.kind == Level::Kind::kList) {
        path += fmt::format("[{}]", level.index);
      } else if (!level.key.empty()) {
        path += (path.empty() ? "" : ".") + level.key;
      }
    }
    return path;
  }
  void Wrong(std::string_view problem) { violations_.Add(Path(), problem); }
  // The number that comes now is beyond every range.
  void TooLarge() {
    if (levels_.back().kind == Level::Kind::kList) ++levels_.back().index;
    Wrong("is too large");
  }
  [[nodiscard]] bool root_is_object() const { return root_is_object_; }

 private:
  [[nodiscard]] bool InRaw() const {
    return levels_.back().kind == Level::Kind::kRaw || levels_.back().kind == Level::Kind::kInRaw;
  }

  // The level that the value which begins now belongs to; null when the value is of no interest.
  Level* TakesValue() {
    Level& level = levels_.back();
    if (level.kind == Level::Kind::kIgnored || InRaw()) return nullptr;
    if (level.kind == Level::Kind::kList) ++level.index;
    return level.field == nullptr && level.kind != Level::Kind::kRoot ? nullptr : &level;
  }

  bool Scalar(Written written, std::string_view text) {
    // What is kept as text must be JSON when it is printed.
    if (InRaw() && IsNotFinite(written, text)) Wrong("must be a number");
    Level* level = TakesValue();
    if (level == nullptr) return true;
    if (level->field == nullptr) {
      root_is_object_ = false;
      return true;
    }
    const FieldPlan& field = *level->field;
    if ((field.map && level->kind != Level::Kind::kMap) || (field.repeated && level->kind != Level::Kind::kList)) {
      Wrong(Problem(*level));
    } else if (field.kind == FieldKind::kRawJson && written != Written::kString) {
      KeepRaw(*level, text, IsNotFinite(written, text));
    } else if (level->kind == Level::Kind::kMap) {
      if (Message* entry = NewEntry(*level); entry != nullptr) {
        Note(SetValue(field.message->fields[1], written, text, *entry));
      }
    } else {
      Note(SetValue(field, written, text, *level->message));
    }
    return true;
  }

  static void NoteUpdate(const Level& level) {
    const auto& reflection = *level.message->GetReflection();
    Message* mask = reflection.MutableMessage(level.message, level.plan->update_mask);
    static_cast<google::protobuf::FieldMask*>(mask)->add_paths(level.field->field->name());
  }

  void Note(const std::string& problem) {
    if (!problem.empty()) Wrong(problem);
  }

  static bool IsNotFinite(Written written, std::string_view text) {
    return written == Written::kNumber && text.find_first_of("NI") != std::string_view::npos;
  }

  // What the level's field wants in place of the value that came.
  static std::string Problem(const Level& level) {
    if (level.field->repeated && level.kind != Level::Kind::kList) return "must be a list";
    if (!level.field->map) return WhatIsWanted(*level.field);
    return level.kind == Level::Kind::kMap ? WhatIsWanted(level.field->message->fields[1]) : "must be an object";
  }

  static Level AMessage(Message& message) {
    const MessagePlan& plan = PlanOf(*message.GetDescriptor());
    return {.kind = Level::Kind::kMessage,
            .message = &message,
            .plan = &plan,
            .seen = std::vector<bool>(plan.fields.size())};
  }

  // The message that the object which begins now fills.
  Message& NewMessage(Level& level) {
    const auto& reflection = *level.message->GetReflection();
    if (level.kind == Level::Kind::kMap) {
      Message* entry = NewEntry(level);
      if (entry == nullptr) entry = reflection.AddMessage(level.message, level.field->field);
      return *entry->GetReflection()->MutableMessage(entry, level.field->message->fields[1].field);
    }
    if (level.kind == Level::Kind::kList) return *reflection.AddMessage(level.message, level.field->field);
    return *reflection.MutableMessage(level.message, level.field->field);
  }

  // A new entry of the map under the newest key; null, with the violation noted, when the key is wrong.
  Message* NewEntry(Level& level) {
    Message* entry = level.message->GetReflection()->AddMessage(level.message, level.field->field);
    const std::string problem = SetValue(level.field->message->fields[0], Written::kPlain, level.key, *entry);
    if (problem.empty()) return entry;
    Wrong("is a key that " + problem);
    level.message->GetReflection()->RemoveLast(level.message, level.field->field);
    return nullptr;
  }

  void KeepRaw(Level& level, std::string_view text, bool not_json) {
    if (not_json) return Wrong("must be a number");
    const auto& reflection = *level.message->GetReflection();
    if (level.kind == Level::Kind::kList) {
      reflection.AddString(level.message, level.field->field, std::string(text));
    } else {
      reflection.SetString(level.message, level.field->field, std::string(text));
    }
  }

  bool Close() {
    if (Level& level = levels_.back(); level.kind == Level::Kind::kRaw) {
      const std::string_view text = text_.substr(level.start, stream_.Tell() + 1 - level.start);
      const bool in_list = levels_[levels_.size() - 2].kind == Level::Kind::kList;
      level.kind = in_list ? Level::Kind::kList : Level::Kind::kMessage;
      KeepRaw(level, text, false);
    }
    levels_.pop_back();
    return true;
  }

  std::string_view text_;
  const rapidjson::MemoryStream& stream_;
  Violations& violations_;
  std::vector<Level> levels_;
  bool root_is_object_ = true;
};

absl::Status Malformed(std::string_view what, std::size_t offset) {
  return Error(Reason::kMALFORMED_REQUEST, fmt::format("The body is not valid JSON: {} (at byte {}).", what, offset));
}

// Runs the parser; `begin` says what the root is.
template <class Begin>
absl::Status Run(std::string_view text, Violations& violations, Begin begin) {
  constexpr unsigned kFlags = rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag |
                              rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseNanAndInfFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  Receiver receiver(text, stream, violations);
  begin(receiver);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, receiver);
  if (result.IsError()) {
    if (result.Code() == rapidjson::kParseErrorTermination)
      return Malformed(fmt::format("it is nested deeper than {} levels", kMaxDepth), result.Offset());
    // The parser gives up on 1e400; the client still hears which field it was, and of those before it.
    if (result.Code() == rapidjson::kParseErrorNumberTooBig) {
      receiver.TooLarge();
      return absl::OkStatus();
    }
    std::string what = rapidjson::GetParseError_En(result.Code());
    while (!what.empty() && what.back() == '.') what.pop_back();
    return Malformed(what, result.Offset());
  }
  // A NUL byte looks like the end to the parser.
  if (stream.Tell() != text.size()) return Malformed("it contains a NUL byte", stream.Tell());
  if (!receiver.root_is_object()) return Error(Reason::kMALFORMED_REQUEST, "The body must be a JSON object.");
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadJson(std::string_view text, Message& message, Violations& violations) {
  return Run(text, violations, [&](Receiver& receiver) { receiver.BeginMessage(message); });
}

absl::Status ReadField(std::string_view text, const FieldPlan& field, Message& message, Violations& violations) {
  return Run(text, violations, [&](Receiver& receiver) { receiver.BeginField(field, message); });
}

absl::Status ReadJson(std::string_view text, Message& message) {
  Violations violations;
  PT_RETURN_IF_ERROR(ReadJson(text, message, violations));
  return violations.ToStatus();
}

}  // namespace papertape::json
