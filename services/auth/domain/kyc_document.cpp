#include "services/auth/domain/kyc_document.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/auth/domain/registration.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kMaxTypeLetters = 40;
constexpr std::size_t kMaxNameBytes = 120;
constexpr std::size_t kMaxUrlBytes = 2'048;

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// "Driving Licence" -> "driving_licence"; empty when it is not allowed.
std::string NormalType(std::string_view text) {
  std::string type = LowerCase(text);
  for (char& c : type) {
    if (c == ' ' || c == '-') c = '_';
    if (c != '_' && !IsLetterOrDigit(c)) return "";
  }
  return type.size() <= kMaxTypeLetters ? type : "";
}

bool IsWebAddress(std::string_view url) {
  const std::string lower = LowerCase(url.substr(0, 8));
  const std::size_t scheme = lower.starts_with("https://") ? 8 : lower.starts_with("http://") ? 7 : 0;
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  const std::string_view host = url.substr(scheme, url.substr(scheme).find_first_of("/?#"));
  // An `@` before the path hides which host is meant.
  return scheme != 0 && printable && url.size() <= kMaxUrlBytes && !host.empty() &&
         host.find('@') == std::string_view::npos;
}

// The length of the UTF-8 sequence that begins with `first`.
std::size_t SequenceLength(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// Control characters, and those that turn the direction of writing, so that "exe.pdf" reads as "fdp.exe".
bool IsHidden(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character[0]) < 0x20 || character[0] == '\x7f';
  if (character.size() == 2) return character[0] == '\xc2' && static_cast<unsigned char>(character[1]) < 0xa0;
  if (character.size() != 3 || character[0] != '\xe2') return false;
  const auto last = static_cast<unsigned char>(character[2]);
  return (character[1] == '\x80' && ((last >= 0x8b && last <= 0x8f) || (last >= 0xa8 && last <= 0xae))) ||
         (character[1] == '\x81' && last >= 0xa0 && last <= 0xaf);
}

std::string VisibleBeginning(std::string_view text, std::size_t most) {
  std::string kept;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, SequenceLength(text.front()));
    text.remove_prefix(character.size());
    if (IsHidden(character)) continue;
    if (kept.size() + character.size() > most) break;
    kept += character;
  }
  return kept;
}

void CheckContent(std::string_view content, const std::string& field, CheckedDocument& out, Violations& violations) {
  if (!violations.Check(content.size() <= kMaxDocumentBytes, field, "must be at most 10 MiB")) return;
  const FileVerdict verdict = JudgeFile(content);
  violations.Check(verdict.problem.empty(), field, verdict.problem);
  out.type = verdict.type;
  out.content = content;
}

CheckedDocument CheckOne(const GivenDocument& given, const std::string& path, Violations& violations) {
  CheckedDocument out{.document_type = NormalType(given.document_type)};
  if (violations.Check(!given.document_type.empty(), path + ".document_type", "is required")) {
    violations.Check(!out.document_type.empty(), path + ".document_type",
                     "must be at most 40 letters, digits, spaces, `_` and `-`");
  }
  const bool has_url = given.file_url && !given.file_url->empty();
  if (has_url && !given.content.empty()) {
    violations.Add(path + ".content", "must not be given beside `file_url`");
  } else if (has_url) {
    violations.Check(IsWebAddress(*given.file_url), path + ".file_url",
                     "must be an http or https address of at most 2048 characters");
    out.file_url = given.file_url;
  } else if (violations.Check(!given.content.empty(), path + ".content", "is required, and must not be empty")) {
    CheckContent(given.content, path + ".content", out, violations);
    out.file_name = CleanFileName(given.file_name.value_or(""), out.document_type, out.type);
  }
  return out;
}

}  // namespace

absl::StatusOr<std::vector<CheckedDocument>> CheckDocuments(const std::vector<GivenDocument>& given) {
  Violations violations;
  violations.Check(!given.empty(), "documents", "is required");
  if (!violations.Check(given.size() <= kMaxDocumentsAtOnce, "documents", "must be at most 5")) {
    return violations.ToStatus();
  }
  std::vector<CheckedDocument> checked;
  for (std::size_t i = 0; i < given.size(); ++i) {
    checked.push_back(CheckOne(given[i], fmt::format("documents[{}]", i), violations));
  }
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return checked;
}

std::string CleanFileName(std::string_view name, std::string_view fallback, FileType type) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const std::string_view ending = FileEnding(type);
  std::string clean = VisibleBeginning(name, kMaxNameBytes - ending.size());
  clean.erase(0, std::min(clean.size(), clean.find_first_not_of(". ")));
  clean.erase(clean.find_last_not_of(". ") + 1);
  if (clean.empty()) clean = fallback;
  const std::string lower = LowerCase(clean);
  const bool fits = lower.ends_with(ending) || (type == FileType::kJpeg && lower.ends_with(".jpeg"));
  return fits ? clean : clean + std::string(ending);
}

}  // namespace papertape::auth
