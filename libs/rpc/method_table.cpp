#include "libs/rpc/method_table.h"

#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>

#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

namespace papertape::rpc {
namespace {

// What SCOPE_UNSPECIFIED stands for.
api::v1::Scope ScopeByVerb(const google::protobuf::MethodDescriptor& method, api::v1::Access access) {
  if (access == api::v1::ACCESS_ADMIN) return api::v1::SCOPE_SESSION;
  const google::api::HttpRule& rule = method.options().GetExtension(google::api::http);
  return rule.pattern_case() == google::api::HttpRule::kGet ? api::v1::SCOPE_READ : api::v1::SCOPE_WRITE;
}

std::optional<api::v1::MethodApi> Look(const std::string& name) {
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  if (method == nullptr || !method->options().HasExtension(api::v1::method)) return std::nullopt;
  api::v1::MethodApi declared = method->options().GetExtension(api::v1::method);
  if (declared.access() == api::v1::ACCESS_UNSPECIFIED) return std::nullopt;
  if (declared.scope() == api::v1::SCOPE_UNSPECIFIED) declared.set_scope(ScopeByVerb(*method, declared.access()));
  return declared;
}

const api::v1::MethodApi* AddressOf(const std::optional<api::v1::MethodApi>& declared) {
  return declared ? &*declared : nullptr;
}

}  // namespace

const api::v1::MethodApi* DeclarationOf(std::string_view method) {
  static auto* const mutex = new std::shared_mutex;
  static auto* const known = new std::map<std::string, std::optional<api::v1::MethodApi>, std::less<>>;
  {
    const std::shared_lock lock(*mutex);
    if (const auto found = known->find(method); found != known->end()) return AddressOf(found->second);
  }
  const std::string name(method);
  const std::unique_lock lock(*mutex);
  return AddressOf(known->try_emplace(name, Look(name)).first->second);
}

std::vector<std::string> UndeclaredMethods(const std::string& service) {
  std::vector<std::string> undeclared;
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
  for (int i = 0; descriptor != nullptr && i < descriptor->method_count(); ++i) {
    if (DeclarationOf(descriptor->method(i)->full_name()) == nullptr) {
      undeclared.push_back(descriptor->method(i)->full_name());
    }
  }
  return undeclared;
}

}  // namespace papertape::rpc
