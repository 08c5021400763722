#include "gateway/multipart.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxBoundaryBytes = 70;

absl::Status Malformed(std::string_view what) {
  return Error(Reason::kMALFORMED_REQUEST, "The form " + std::string(what) + ".");
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// In time that grows with the length alone, whatever stands in `text`.
std::size_t Find(std::string_view text, std::string_view wanted) {
  const void* found = memmem(text.data(), text.size(), wanted.data(), wanted.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// The value of a quoted string that `text` begins with, `text` past it; nothing when it has no end. A backslash stands
// for itself unless it guards a quote or another, since some clients send a path of Windows.
std::optional<std::string> TakeQuoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool guards = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (guards) ++i;
    value += text[i];
  }
  return std::nullopt;
}

struct Parameter {
  std::string_view name;
  std::string value;
};

// The parameters behind the first `;` of a header's value; nothing when they cannot be read.
std::optional<std::vector<Parameter>> ParametersOf(std::string_view value) {
  std::vector<Parameter> parameters;
  value.remove_prefix(std::min(value.size(), value.find(';')));
  while (!value.empty()) {
    if (value.front() != ';') return std::nullopt;
    value = Trim(value.substr(1));
    const std::size_t equals = value.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    Parameter parameter{.name = value.substr(0, equals)};
    value.remove_prefix(equals + 1);
    if (value.starts_with('"')) {
      std::optional<std::string> quoted = TakeQuoted(value);
      if (!quoted) return std::nullopt;
      parameter.value = *std::move(quoted);
      value = Trim(value);
    } else {
      const std::string_view token = value.substr(0, value.find(';'));
      value.remove_prefix(token.size());
      parameter.value = Trim(token);
    }
    const auto same = [&](const Parameter& other) { return EqualsIgnoringCase(other.name, parameter.name); };
    if (std::any_of(parameters.begin(), parameters.end(), same)) return std::nullopt;
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

const std::string* FindParameter(const std::vector<Parameter>& parameters, std::string_view name) {
  for (const Parameter& parameter : parameters) {
    if (EqualsIgnoringCase(parameter.name, name)) return &parameter.value;
  }
  return nullptr;
}

// RFC 2046, 5.1.1.
bool IsBoundary(std::string_view text) {
  const auto fits = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("'()+_,-./:=? ").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kMaxBoundaryBytes && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), fits);
}

// Browsers and curl write a quote inside a name as %22 (WHATWG HTML, multipart/form-data encoding).
std::string Unescape(std::string text) {
  for (std::size_t at = text.find("%22"); at != std::string::npos; at = text.find("%22", at + 1)) {
    text.replace(at, 3, "\"");
  }
  return text;
}

absl::Status ReadDisposition(std::string_view value, FormPart& part) {
  const std::string_view kind = Trim(value.substr(0, value.find(';')));
  const auto parameters = ParametersOf(value);
  if (!EqualsIgnoringCase(kind, "form-data") || !parameters) return Malformed("has a part that is not form-data");
  const std::string* name = FindParameter(*parameters, "name");
  if (name == nullptr || name->empty()) return Malformed("has a part without a name");
  part.name = Unescape(*name);
  if (const std::string* file = FindParameter(*parameters, "filename"); file != nullptr) {
    part.file_name = Unescape(*file);
  }
  return absl::OkStatus();
}

// `head` is the part's header lines, each with its end.
absl::StatusOr<FormPart> ReadHead(std::string_view head) {
  FormPart part;
  bool has_disposition = false;
  while (!head.empty()) {
    const std::size_t end = head.find(kLineEnd);
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(head.size(), line.size() + kLineEnd.size()));
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    const bool readable = colon != std::string_view::npos && !name.empty() && name == Trim(name) &&
                          line.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
    if (!readable) return Malformed("has a part with a broken head");
    const std::string_view value = Trim(line.substr(colon + 1));
    if (EqualsIgnoringCase(name, "content-disposition")) {
      if (std::exchange(has_disposition, true)) return Malformed("has a part with two dispositions");
      PT_RETURN_IF_ERROR(ReadDisposition(value, part));
    } else if (EqualsIgnoringCase(name, "content-transfer-encoding")) {
      const bool plain =
          EqualsIgnoringCase(value, "binary") || EqualsIgnoringCase(value, "8bit") || EqualsIgnoringCase(value, "7bit");
      if (!plain) return Malformed("has an encoded part; send it as it is");
    }
  }
  if (!has_disposition) return Malformed("has a part that is not form-data");
  return part;
}

}  // namespace

bool IsFormType(std::string_view content_type) {
  return EqualsIgnoringCase(Trim(content_type.substr(0, content_type.find(';'))), "multipart/form-data");
}

absl::StatusOr<std::vector<FormPart>> ParseForm(std::string_view content_type, std::string_view body) {
  const auto parameters = ParametersOf(content_type);
  const std::string* boundary = parameters ? FindParameter(*parameters, "boundary") : nullptr;
  if (boundary == nullptr || !IsBoundary(*boundary)) return Malformed("names no boundary");
  const std::string delimiter = "\r\n--" + *boundary;
  std::vector<FormPart> parts;
  // The first delimiter has no line before it.
  if (!body.starts_with(std::string_view(delimiter).substr(kLineEnd.size()))) {
    return Malformed("does not begin with its boundary");
  }
  body.remove_prefix(delimiter.size() - kLineEnd.size());
  while (!body.starts_with("--")) {
    if (!body.starts_with(kLineEnd)) return Malformed("has something behind a boundary");
    body.remove_prefix(kLineEnd.size());
    if (parts.size() == kMaxFormParts) return Malformed("has more than 64 parts");
    const std::size_t head = body.substr(0, kMaxPartHeadBytes).find("\r\n\r\n");
    if (head == std::string_view::npos) return Malformed("has a part whose head has no end within 4096 bytes");
    PT_ASSIGN_OR_RETURN(FormPart part, ReadHead(body.substr(0, head + kLineEnd.size())));
    body.remove_prefix(head + 2 * kLineEnd.size());
    // A part without content ends where its head does.
    const std::size_t end = Find(body, delimiter);
    if (end == std::string_view::npos) return Malformed("was cut short");
    part.content = body.substr(0, end);
    body.remove_prefix(end + delimiter.size());
    parts.push_back(std::move(part));
  }
  body.remove_prefix(2);
  if (body.find_first_not_of(" \t\r\n") != std::string_view::npos) return Malformed("has something behind its end");
  return parts;
}

}  // namespace papertape::gateway
