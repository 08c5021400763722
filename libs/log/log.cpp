#include "libs/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "libs/clock/clock.h"
#include "libs/ids/hex.h"

namespace papertape::log {
namespace {

thread_local const Scope* current_scope = nullptr;

struct Sink {
  std::shared_ptr<spdlog::logger> logger;
  std::string service = "papertape";
};

Sink& TheSink() {
  static auto* const sink = [] {
    auto* made = new Sink;
    made->logger = std::make_shared<spdlog::logger>("papertape", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->logger->set_pattern("%v");
    return made;
  }();
  return *sink;
}

struct LevelNames {
  spdlog::level::level_enum spdlog;
  std::string_view name;
};

LevelNames NamesOf(Level level) {
  switch (level) {
    case Level::kDebug:
      return {spdlog::level::debug, "debug"};
    case Level::kInfo:
      return {spdlog::level::info, "info"};
    case Level::kWarning:
      return {spdlog::level::warn, "warning"};
    case Level::kError:
      return {spdlog::level::err, "error"};
  }
  return {spdlog::level::err, "error"};
}

void AppendMember(std::string_view name, std::string_view text, bool quoted, std::string& out) {
  out += ",\"";
  out += name;
  out += "\":";
  if (quoted) {
    AppendJsonString(text, out);
  } else {
    out += text;
  }
}

// Length of the UTF-8 sequence at the start of `text`, or 0 where there is none.
std::size_t Utf8Length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  std::size_t length = 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
  const bool past_the_end = lead == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || past_the_end ? 0 : length;
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  out.push_back('"');
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const char c = text[0];
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length > 1) {
      out += text.substr(0, length);
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += "\\u00";
      AppendHex(text.substr(0, 1), out);
    } else {
      out.push_back(c);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out.push_back('"');
}

void Configure(std::string_view service, std::string_view level) {
  Sink& sink = TheSink();
  sink.service = service;
  sink.logger->set_level(level == "debug"     ? spdlog::level::debug
                         : level == "warning" ? spdlog::level::warn
                         : level == "error"   ? spdlog::level::err
                                              : spdlog::level::info);
}

bool Enabled(Level level) { return TheSink().logger->should_log(NamesOf(level).spdlog); }

void Write(Level level, std::string_view message, Fields fields) {
  Sink& sink = TheSink();
  const LevelNames names = NamesOf(level);
  if (!sink.logger->should_log(names.spdlog)) return;
  std::string line = "{\"time\":\"" + FormatRfc3339(SystemClock().Now()) + "\"";
  AppendMember("level", names.name, true, line);
  AppendMember("service", sink.service, true, line);
  if (current_scope != nullptr) {
    if (!current_scope->request_id_.empty()) AppendMember("request_id", current_scope->request_id_, true, line);
    if (!current_scope->trace_id_.empty()) AppendMember("trace_id", current_scope->trace_id_, true, line);
  }
  AppendMember("message", message, true, line);
  for (const Field& field : fields) AppendMember(field.name(), field.text(), field.quoted(), line);
  line.push_back('}');
  sink.logger->log(names.spdlog, "{}", line);
}

Scope::Scope(std::string_view request_id, std::string_view trace_id)
    : request_id_(request_id), trace_id_(trace_id), outer_(current_scope) {
  current_scope = this;
}

Scope::~Scope() { current_scope = outer_; }

}  // namespace papertape::log
