#include "libs/rpc/method_table.h"

#include <google/protobuf/descriptor.h>

#include <map>
#include <mutex>
#include <shared_mutex>

namespace papertape::rpc {
namespace {

const api::v1::MethodApi* Look(const std::string& name) {
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  if (method == nullptr || !method->options().HasExtension(api::v1::method)) return nullptr;
  const auto& declared = method->options().GetExtension(api::v1::method);
  return declared.access() == api::v1::ACCESS_UNSPECIFIED ? nullptr : &declared;
}

}  // namespace

const api::v1::MethodApi* DeclarationOf(std::string_view method) {
  static auto* const mutex = new std::shared_mutex;
  static auto* const known = new std::map<std::string, const api::v1::MethodApi*, std::less<>>;
  {
    const std::shared_lock lock(*mutex);
    if (const auto found = known->find(method); found != known->end()) return found->second;
  }
  const std::string name(method);
  const std::unique_lock lock(*mutex);
  return known->try_emplace(name, Look(name)).first->second;
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
