#include "gateway/field_names.h"

#include "libs/status/status.h"

namespace papertape::gateway {

std::string ClientName(const json::MessagePlan& plan, std::string_view path) {
  std::string name;
  const json::MessagePlan* at = &plan;
  while (!path.empty() && at != nullptr) {
    const std::string_view step = path.substr(0, path.find('.'));
    const std::string_view word = step.substr(0, step.find('['));
    const json::FieldPlan* field = at->Find(word);
    if (field == nullptr) break;
    // The label is the name in quotes and a colon.
    name.append(field->label, 1, field->label.size() - 3).append(step.substr(word.size()));
    path.remove_prefix(step.size());
    if (path.empty()) return name;
    name += '.';
    path.remove_prefix(1);
    at = field->map ? nullptr : field->message;
  }
  return name.append(path);
}

absl::Status InClientNames(const absl::Status& refusal, const json::MessagePlan& plan) {
  const ErrorDetails details = DetailsOf(refusal);
  Violations renamed;
  bool differs = false;
  for (const auto& [field, message] : details.violations) {
    const std::string name = ClientName(plan, field);
    differs = differs || name != field;
    renamed.Add(name, message);
  }
  return differs ? renamed.ToStatus() : refusal;
}

}  // namespace papertape::gateway
