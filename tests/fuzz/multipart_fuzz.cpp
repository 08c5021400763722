// Whatever comes as a form, its type in the first line: it is refused, or its parts lie in the body one after another,
// and weaving them into a request crashes nothing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/form_weaver.h"
#include "gateway/multipart.h"
#include "papertape/test/v1/workshop_service.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace papertape;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view type = text.substr(0, text.find('\n'));
  const std::string_view body = text.substr(std::min(text.size(), type.size() + 1));
  const auto parts = gateway::ParseForm(type, body);
  if (!parts.ok()) return 0;
  if (parts->size() > gateway::kMaxFormParts) std::abort();
  const char* end = body.data();
  for (const gateway::FormPart& part : *parts) {
    if (part.name.empty() || part.content.data() < end) std::abort();
    end = part.content.data() + part.content.size();
    if (end > body.data() + body.size()) std::abort();
  }
  test::v1::HangPicturesRequest request;
  Violations violations;
  gateway::WeaveForm(*parts, json::PlanOf(*request.GetDescriptor()), request, violations);
  if (request.pictures_size() > static_cast<int>(gateway::kMaxFormParts)) std::abort();
  return 0;
}
