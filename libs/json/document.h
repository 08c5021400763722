// JSON that somebody else has written, as a tree to look things up in. Nothing is converted: a number is the text as it
// was written, for its reader to round. Looking for what is not there answers a value that is not there, so that a path
// can be followed without a question at each step. Strict JSON, valid UTF-8, any depth without recursion. Immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace papertape::json {

enum class Kind : std::uint8_t { kMissing, kNull, kBool, kNumber, kString, kArray, kObject };

struct Node;

// Borrows from its Document.
class Value {
 public:
  Value() = default;
  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool IsArray() const { return kind() == Kind::kArray; }
  [[nodiscard]] bool IsObject() const { return kind() == Kind::kObject; }
  // Not there, or null.
  [[nodiscard]] bool IsEmpty() const { return kind() == Kind::kMissing || kind() == Kind::kNull; }

  // A member of an object, the first of that name.
  Value operator[](std::string_view name) const;
  // The elements of an array; none of anything else.
  [[nodiscard]] std::vector<Value> Elements() const;
  // The members of an object in their order; none of anything else.
  [[nodiscard]] std::vector<std::pair<std::string_view, Value>> Members() const;

  [[nodiscard]] std::optional<std::string_view> String() const;
  [[nodiscard]] std::optional<std::string_view> Number() const;  // as written
  // A number, or a string in its place.
  [[nodiscard]] std::optional<std::string_view> NumberOrString() const;
  [[nodiscard]] std::optional<std::int64_t> Integer() const;  // a number without fraction or exponent that fits
  [[nodiscard]] std::optional<bool> Bool() const;

 private:
  friend class Document;
  explicit Value(const Node* node) : node_(node) {}
  const Node* node_ = nullptr;
};

class Document {
 public:
  // INVALID_ARGUMENT, with the offset, for what is not JSON.
  static absl::StatusOr<Document> Parse(std::string text);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();
  [[nodiscard]] Value root() const;

 private:
  struct Tree;
  explicit Document(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

}  // namespace papertape::json
