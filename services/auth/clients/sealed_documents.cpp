#include "services/auth/clients/sealed_documents.h"

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

std::string ContextOf(std::int64_t user_id, const std::string& object_key) {
  return fmt::format("kyc document of user {} at {}", user_id, object_key);
}

}  // namespace

absl::Status SealedDocuments::Put(std::int64_t user_id, const std::string& object_key, std::string_view content) {
  PT_ASSIGN_OR_RETURN(const std::string sealed, sealer_.Seal(content, ContextOf(user_id, object_key)));
  return objects_.Put(object_key, sealed);
}

absl::StatusOr<std::string> SealedDocuments::Get(std::int64_t user_id, const std::string& object_key) {
  PT_ASSIGN_OR_RETURN(const std::string sealed, objects_.Get(object_key));
  return sealer_.Open(sealed, ContextOf(user_id, object_key));
}

}  // namespace papertape::auth
