// Structured logs: one JSON object a line, to stderr. A line carries the time, level, service, the request id and trace
// id of the Scope it is written in, the message and its fields. Never log a secret, a token or a request body.
// Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace papertape::log {

enum class Level { kDebug, kInfo, kWarning, kError };

// A name and a value; numbers and booleans are printed as such.
class Field {
 public:
  Field(std::string_view name, std::string_view text) : name_(name), text_(text), quoted_(true) {}
  Field(std::string_view name, const std::string& text) : Field(name, std::string_view(text)) {}
  Field(std::string_view name, const char* text) : Field(name, std::string_view(text)) {}
  Field(std::string_view name, bool value) : name_(name), text_(value ? "true" : "false") {}
  Field(std::string_view name, std::int64_t value) : name_(name), text_(std::to_string(value)) {}
  Field(std::string_view name, std::uint64_t value) : name_(name), text_(std::to_string(value)) {}
  Field(std::string_view name, int value) : Field(name, std::int64_t{value}) {}
  Field(std::string_view name, double value) : name_(name), text_(std::to_string(value)) {}
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool quoted() const { return quoted_; }

 private:
  std::string_view name_;
  std::string text_;
  bool quoted_ = false;
};
using Fields = std::initializer_list<Field>;

// Once, at start. `level` is debug, info, warning or error.
void Configure(std::string_view service, std::string_view level);

// Whether a line of this level would be written: for what is costly to say.
bool Enabled(Level level);
void Write(Level level, std::string_view message, Fields fields = {});
inline void Debug(std::string_view message, Fields fields = {}) { Write(Level::kDebug, message, fields); }
inline void Info(std::string_view message, Fields fields = {}) { Write(Level::kInfo, message, fields); }
inline void Warning(std::string_view message, Fields fields = {}) { Write(Level::kWarning, message, fields); }
inline void Error(std::string_view message, Fields fields = {}) { Write(Level::kError, message, fields); }

// Names the request that this thread works for, until it is destroyed. Scopes nest.
class Scope {
 public:
  Scope(std::string_view request_id, std::string_view trace_id);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  std::string request_id_, trace_id_;
  const Scope* outer_;
  friend void Write(Level, std::string_view, Fields);
};

// Appends `text` as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace papertape::log
