// One document that a user gives as proof of who they are: what is allowed of it, and what is remembered. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/auth/domain/file_content.h"

namespace papertape::auth {

inline constexpr std::size_t kMaxDocumentBytes = std::size_t{10} << 20U;
inline constexpr std::size_t kMaxDocumentsAtOnce = 5;
inline constexpr std::int64_t kMaxDocumentsOfUser = 50;

// As it came. The content's bytes belong to the caller.
struct GivenDocument {
  std::string document_type;
  std::optional<std::string> file_name;
  std::string_view content;
  std::optional<std::string> file_url;  // in place of the content
};

// As it is kept; without `content` or without `file_url`.
struct CheckedDocument {
  std::string document_type;
  std::string file_name;  // of a file
  FileType type = FileType::kPdf;
  std::string_view content;
  std::optional<std::string> file_url;
};

// One error that names every wrong field, as `documents[1].content`.
absl::StatusOr<std::vector<CheckedDocument>> CheckDocuments(const std::vector<GivenDocument>& given);

// Without folders and control characters, at most 120 bytes, with the ending of what the file really is; `fallback`
// when nothing is left.
std::string CleanFileName(std::string_view name, std::string_view fallback, FileType type);

// As it was stored.
struct KycDocument {
  std::int64_t id = 0;
  std::int64_t user_id = 0;
  std::string document_type;
  Timestamp uploaded_at;
  std::optional<std::string> file_url;  // what the user gave in place of a file
  // Of a file:
  std::string file_name;
  std::string content_type;
  std::int64_t size = 0;   // bytes
  std::string sha256;      // hexadecimal
  std::string object_key;  // where the content is; leaves the service nowhere
};

}  // namespace papertape::auth
