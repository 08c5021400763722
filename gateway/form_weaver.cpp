#include "gateway/form_weaver.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "libs/json/field_value.h"
#include "papertape/api/v1/options.pb.h"

namespace papertape::gateway {
namespace {

using google::protobuf::Message;
using json::FieldKind;
using json::FieldPlan;
using json::MessagePlan;

const api::v1::FormApi& FormOf(const FieldPlan& field) {
  return field.field->options().GetExtension(api::v1::field).form();
}

bool IsList(const FieldPlan& field) { return field.repeated && field.kind == FieldKind::kMessage; }

const FieldPlan* FindField(const MessagePlan& plan, std::string_view name) {
  if (const FieldPlan* field = plan.Find(name); field != nullptr) return field;
  const auto found = std::find_if(plan.fields.begin(), plan.fields.end(), [&](const FieldPlan& field) {
    return !name.empty() && FormOf(field).also() == name;
  });
  return found == plan.fields.end() ? nullptr : &*found;
}

// "documents[2]" of "documents[2].content": its name, and its index where there is one.
struct Step {
  std::string_view name;
  int index = -1;
  bool readable = true;
};

Step TakeStep(std::string_view& path) {
  std::string_view text = path.substr(0, path.find('.'));
  path.remove_prefix(std::min(path.size(), text.size() + 1));
  Step step{.name = text.substr(0, text.find('['))};
  text.remove_prefix(step.name.size());
  if (text.empty()) return step;
  const char* const end = text.data() + text.size() - 1;
  const auto [rest, error] = std::from_chars(text.data() + 1, end, step.index);
  step.readable = text.back() == ']' && rest == end && error == std::errc() && step.index >= 0;
  return step;
}

// Where a part goes: a field of a message, and what the client would call it.
struct Place {
  Message* message = nullptr;
  const MessagePlan* plan = nullptr;
  std::string label;  // of the message: "documents[0]."
};

class Weaver {
 public:
  Weaver(Place root, Violations& violations) : root_(std::move(root)), violations_(violations) {}

  void Put(const FormPart& part) {
    if (part.file_name && part.file_name->empty() && part.content.empty()) return;
    Place place = root_;
    std::string_view path = part.name;
    for (;;) {
      const Step step = TakeStep(path);
      const FieldPlan* field = step.readable ? FindField(*place.plan, step.name) : nullptr;
      if (field == nullptr) {
        if (place.message == root_.message && path.empty()) PutIntoElement(step.name, part);
        return;
      }
      if (field->kind != FieldKind::kMessage || field->map) {
        if (path.empty() && !field->map) PutInto(place, *field, part);
        return;
      }
      if (path.empty()) {
        if (IsList(*field) && FormOf(*field).elements() && part.file_name) BeginWithFile(place, *field, part);
        return;
      }
      if (!Enter(place, *field, step.index)) return;
    }
  }

 private:
  // Goes into a message or a list's element; false, with the client told, for an element that is not there.
  bool Enter(Place& place, const FieldPlan& field, int index) {
    const auto& reflection = *place.message->GetReflection();
    std::string label = place.label + field.field->name();
    if (!field.repeated) {
      place = {reflection.MutableMessage(place.message, field.field), field.message, label + '.'};
      return true;
    }
    const int size = reflection.FieldSize(*place.message, field.field);
    if (!violations_.Check(index >= 0 && index <= size, label, "must be numbered from 0 without gaps")) return false;
    place = index == size ? Begin(place, field) : ElementAt(place, field, index);
    return true;
  }

  static Place ElementAt(const Place& place, const FieldPlan& field, int index) {
    return {place.message->GetReflection()->MutableRepeatedMessage(place.message, field.field, index), field.message,
            place.label + field.field->name() + '[' + std::to_string(index) + "]."};
  }
  static Place Begin(const Place& place, const FieldPlan& field) {
    const auto& reflection = *place.message->GetReflection();
    reflection.AddMessage(place.message, field.field);
    return ElementAt(place, field, reflection.FieldSize(*place.message, field.field) - 1);
  }

  // `name` may be a field of the elements of a list.
  void PutIntoElement(std::string_view name, const FormPart& part) {
    for (const FieldPlan& list : root_.plan->fields) {
      const FieldPlan* field = IsList(list) && FormOf(list).elements() ? FindField(*list.message, name) : nullptr;
      if (field == nullptr || field->kind == FieldKind::kMessage || field->map) continue;
      const int size = root_.message->GetReflection()->FieldSize(*root_.message, list.field);
      Place element = size == 0 ? Begin(root_, list) : ElementAt(root_, list, size - 1);
      if (!field->repeated && seen_.contains({element.message, field})) element = Begin(root_, list);
      return PutInto(element, *field, part);
    }
  }

  void BeginWithFile(const Place& place, const FieldPlan& list, const FormPart& part) {
    for (const FieldPlan& field : list.message->fields) {
      if (FormOf(field).file()) return PutInto(Begin(place, list), field, part);
    }
  }

  void PutInto(const Place& place, const FieldPlan& field, const FormPart& part) {
    const std::string label = place.label + field.field->name();
    const bool first = seen_.insert({place.message, &field}).second;
    if (!violations_.Check(field.repeated || first, label, "is given twice")) return;
    const bool takes_file = field.kind == FieldKind::kBytes && !field.repeated && FormOf(field).file();
    if (takes_file) {
      place.message->GetReflection()->SetString(place.message, field.field, std::string(part.content));
      if (part.file_name) NameFile(place, FormOf(field).file_name_field(), *part.file_name);
      return;
    }
    if (!violations_.Check(!part.file_name, label, "takes no file")) return;
    const std::string problem = json::SetValue(field, json::Written::kPlain, part.content, *place.message);
    violations_.Check(problem.empty(), label, problem);
  }

  // The name that a part of its own gives wins, wherever it stands.
  void NameFile(const Place& place, const std::string& name_field, const std::string& file_name) {
    const FieldPlan* field = place.plan->Find(name_field);
    if (field == nullptr || seen_.contains({place.message, field})) return;
    const std::string problem = json::SetValue(*field, json::Written::kPlain, file_name, *place.message);
    violations_.Check(problem.empty(), place.label + field->field->name(), problem);
  }

  const Place root_;
  Violations& violations_;
  std::set<std::pair<const Message*, const FieldPlan*>> seen_;
};

}  // namespace

bool TakesForm(const MessagePlan& plan) {
  return std::any_of(plan.fields.begin(), plan.fields.end(),
                     [](const FieldPlan& field) { return FormOf(field).file() || FormOf(field).elements(); });
}

const FieldPlan* OnlyFileOf(const MessagePlan& plan) {
  const FieldPlan* only = nullptr;
  for (const FieldPlan& field : plan.fields) {
    if (field.kind != FieldKind::kBytes || field.repeated || !FormOf(field).file()) continue;
    if (only != nullptr) return nullptr;
    only = &field;
  }
  return only;
}

void WeaveForm(const std::vector<FormPart>& parts, const MessagePlan& plan, Message& message, Violations& violations) {
  Weaver weaver({&message, &plan, ""}, violations);
  for (const FormPart& part : parts) weaver.Put(part);
}

}  // namespace papertape::gateway
