#include "libs/status/status.h"

#include <algorithm>
#include <charconv>

#include "fmt/format.h"

namespace papertape {
namespace {

constexpr std::string_view kPayloadUrl = "papertape/error-details";

// The payload is a list of length-prefixed strings, so that any text survives: "<length>:<bytes>".
void AppendText(std::string& out, std::string_view text) { out += fmt::format("{}:{}", text.size(), text); }

std::int64_t ToNumber(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view TakeText(std::string_view& in) {
  const std::size_t colon = in.find(':');
  if (colon == std::string_view::npos) {
    in = {};
    return {};
  }
  const auto length = static_cast<std::size_t>(ToNumber(in.substr(0, colon)));
  const std::string_view text = in.substr(colon + 1, length);
  in.remove_prefix(std::min(in.size(), colon + 1 + length));
  return text;
}

std::string Serialize(const ErrorDetails& details) {
  std::string out;
  AppendText(out, EntryOf(details.reason).name);
  AppendText(out, std::to_string(details.retry_after_ms));
  AppendText(out, std::to_string(details.violations.size()));
  for (const auto& [field, message] : details.violations) {
    AppendText(out, field);
    AppendText(out, message);
  }
  for (const auto& [key, value] : details.metadata) {
    AppendText(out, key);
    AppendText(out, value);
  }
  return out;
}

ErrorDetails Parse(std::string_view in) {
  ErrorDetails details;
  if (const ReasonEntry* entry = FindReason(TakeText(in))) details.reason = entry->reason;
  details.retry_after_ms = ToNumber(TakeText(in));
  for (std::int64_t left = ToNumber(TakeText(in)); left > 0 && !in.empty(); --left) {
    std::string field(TakeText(in));
    details.violations.push_back({std::move(field), std::string(TakeText(in))});
  }
  while (!in.empty()) {
    std::string key(TakeText(in));
    details.metadata[key] = TakeText(in);
  }
  return details;
}

Reason ReasonOfCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return Reason::kINVALID_ARGUMENT;
    case absl::StatusCode::kUnauthenticated:
      return Reason::kUNAUTHENTICATED;
    case absl::StatusCode::kPermissionDenied:
      return Reason::kPERMISSION_DENIED;
    case absl::StatusCode::kNotFound:
      return Reason::kNOT_FOUND;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kFailedPrecondition:
      return Reason::kCONFLICT;
    case absl::StatusCode::kResourceExhausted:
      return Reason::kOVERLOADED;
    case absl::StatusCode::kUnavailable:
      return Reason::kUNAVAILABLE;
    case absl::StatusCode::kDeadlineExceeded:
      return Reason::kDEADLINE_EXCEEDED;
    case absl::StatusCode::kCancelled:
      return Reason::kCANCELLED;
    case absl::StatusCode::kUnimplemented:
      return Reason::kUNIMPLEMENTED;
    default:
      return Reason::kINTERNAL;
  }
}

}  // namespace

const std::vector<ReasonEntry>& AllReasons() {
  static const auto* const entries = new std::vector<ReasonEntry>{
#define REASON(name, code, http, text) {Reason::k##name, #name, absl::StatusCode::code, http, text},
#include "libs/status/reasons.def"
#undef REASON
  };
  return *entries;
}

const ReasonEntry& EntryOf(Reason reason) { return AllReasons()[static_cast<std::size_t>(reason)]; }

const ReasonEntry* FindReason(std::string_view name) {
  const auto& all = AllReasons();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ReasonEntry& entry) { return entry.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view MessageOf(const absl::Status& status) { return {status.message().data(), status.message().size()}; }

absl::Status Error(const ErrorDetails& details, std::string_view message) {
  absl::Status status(EntryOf(details.reason).code, absl::string_view(message.data(), message.size()));
  status.SetPayload(absl::string_view(kPayloadUrl.data(), kPayloadUrl.size()), absl::Cord(Serialize(details)));
  return status;
}

absl::Status Error(Reason reason, std::string_view message) { return Error(ErrorDetails{.reason = reason}, message); }

absl::Status Error(Reason reason) { return Error(reason, EntryOf(reason).text); }

absl::Status InvalidField(std::string_view field, std::string_view message) {
  Violations violations;
  violations.Add(field, message);
  return violations.ToStatus();
}

ErrorDetails DetailsOf(const absl::Status& status) {
  if (const auto payload = status.GetPayload(absl::string_view(kPayloadUrl.data(), kPayloadUrl.size())))
    return Parse(std::string(*payload));
  return ErrorDetails{.reason = ReasonOfCode(status.code())};
}

Reason ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

absl::Status WithMetadata(const absl::Status& status, std::string_view key, std::string_view value) {
  ErrorDetails details = DetailsOf(status);
  details.metadata[std::string(key)] = value;
  return Error(details, MessageOf(status));
}

absl::Status WithRetryAfter(const absl::Status& status, std::int64_t retry_after_ms) {
  ErrorDetails details = DetailsOf(status);
  details.retry_after_ms = retry_after_ms;
  return Error(details, MessageOf(status));
}

void Violations::Add(std::string_view field, std::string_view message) {
  list_.push_back({std::string(field), std::string(message)});
}

bool Violations::Check(bool ok, std::string_view field, std::string_view message) {
  if (!ok) Add(field, message);
  return ok;
}

absl::Status Violations::ToStatus() const {
  if (list_.empty()) return absl::OkStatus();
  std::string message = fmt::format("`{}` {}", list_[0].field, list_[0].message);
  if (list_.size() > 1) message += fmt::format(" (and {} more)", list_.size() - 1);
  return Error(ErrorDetails{.reason = Reason::kINVALID_ARGUMENT, .violations = list_}, message);
}

}  // namespace papertape
