#include "libs/json/document.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <charconv>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::json {

// The tree lies flat: a node's children follow it, an object's as name, value, name, value. `size` is the node with all
// below it.
struct Node {
  Kind kind = Kind::kMissing;
  std::uint32_t size = 1;
  std::string_view text;  // of a number, a string, a name; "true" or "false"
};

namespace {

constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag |
                            rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;

// Takes RapidJSON's events; the texts lie in the buffer that it parses in place.
class Planter {
 public:
  explicit Planter(std::vector<Node>& nodes) : nodes_(nodes) {}

  bool Null() { return Add(Kind::kNull, {}); }
  bool Bool(bool value) { return Add(Kind::kBool, value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return Add(Kind::kNumber, {text, size}); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return Add(Kind::kString, {text, size}); }
  bool Key(const char* text, rapidjson::SizeType size, bool) { return Add(Kind::kString, {text, size}); }
  bool StartObject() { return Open(Kind::kObject); }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool StartArray() { return Open(Kind::kArray); }
  bool EndArray(rapidjson::SizeType) { return Close(); }
  // Numbers come as text.
  static bool Int(int) { return false; }
  static bool Uint(unsigned) { return false; }
  static bool Int64(std::int64_t) { return false; }
  static bool Uint64(std::uint64_t) { return false; }
  static bool Double(double) { return false; }

 private:
  bool Add(Kind kind, std::string_view text) {
    nodes_.push_back({.kind = kind, .text = text});
    return true;
  }
  bool Open(Kind kind) {
    open_.push_back(nodes_.size());
    return Add(kind, {});
  }
  bool Close() {
    Node& node = nodes_[open_.back()];
    node.size = static_cast<std::uint32_t>(nodes_.size() - open_.back());
    open_.pop_back();
    return true;
  }

  std::vector<Node>& nodes_;
  std::vector<std::size_t> open_;
};

}  // namespace

struct Document::Tree {
  std::string text;
  std::vector<Node> nodes;
};

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

absl::StatusOr<Document> Document::Parse(std::string text) {
  auto tree = std::make_unique<Tree>();
  tree->text = std::move(text);
  if (tree->text.find('\0') != std::string::npos)
    return absl::InvalidArgumentError("is not JSON: it holds a zero byte");
  rapidjson::InsituStringStream stream(tree->text.data());
  rapidjson::Reader reader;
  Planter planter(tree->nodes);
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, planter);
  if (result.IsError()) {
    return absl::InvalidArgumentError(
        fmt::format("is not JSON at byte {}: {}", result.Offset(), rapidjson::GetParseError_En(result.Code())));
  }
  return Document(std::move(tree));
}

Value Document::root() const { return Value(tree_->nodes.data()); }

Kind Value::kind() const { return node_ == nullptr ? Kind::kMissing : node_->kind; }

Value Value::operator[](std::string_view name) const {
  if (!IsObject()) return {};
  const Node* const end = node_ + node_->size;
  for (const Node* key = node_ + 1; key < end; key += 1 + key[1].size) {
    if (key->text == name) return Value(key + 1);
  }
  return {};
}

std::vector<Value> Value::Elements() const {
  std::vector<Value> elements;
  if (!IsArray()) return elements;
  for (const Node* node = node_ + 1; node < node_ + node_->size; node += node->size) elements.push_back(Value(node));
  return elements;
}

std::vector<std::pair<std::string_view, Value>> Value::Members() const {
  std::vector<std::pair<std::string_view, Value>> members;
  if (!IsObject()) return members;
  for (const Node* key = node_ + 1; key < node_ + node_->size; key += 1 + key[1].size) {
    members.emplace_back(key->text, Value(key + 1));
  }
  return members;
}

std::optional<std::string_view> Value::String() const {
  return kind() == Kind::kString ? std::optional(node_->text) : std::nullopt;
}

std::optional<std::string_view> Value::Number() const {
  return kind() == Kind::kNumber ? std::optional(node_->text) : std::nullopt;
}

std::optional<std::string_view> Value::NumberOrString() const {
  return kind() == Kind::kNumber || kind() == Kind::kString ? std::optional(node_->text) : std::nullopt;
}

std::optional<std::int64_t> Value::Integer() const {
  if (kind() != Kind::kNumber) return std::nullopt;
  const std::string_view text = node_->text;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<bool> Value::Bool() const {
  return kind() == Kind::kBool ? std::optional(node_->text == "true") : std::nullopt;
}

}  // namespace papertape::json
