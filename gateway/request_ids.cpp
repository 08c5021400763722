#include "gateway/request_ids.h"

#include <algorithm>
#include <cctype>

namespace papertape::gateway {
namespace {

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

bool IsSaneRequestId(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-_.:/+=").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool IsTraceparent(std::string_view text) {
  if (text.size() != 55 || text.substr(0, 3) != "00-" || text[35] != '-' || text[52] != '-') return false;
  const std::string_view trace = text.substr(3, 32);
  const std::string_view span = text.substr(36, 16);
  return IsHex(trace) && IsHex(span) && IsHex(text.substr(53)) && !IsZero(trace) && !IsZero(span);
}

RequestIds MakeRequestIds(std::string_view sent_request_id, std::string_view sent_traceparent,
                          const RandomBits& random) {
  RequestIds ids;
  ids.request_id = IsSaneRequestId(sent_request_id) ? std::string(sent_request_id) : RandomHex(random, 16);
  if (IsTraceparent(sent_traceparent)) {
    ids.traceparent = sent_traceparent;
  } else {
    // The lowest bit keeps an id from being all zeros; the flags say that nobody records the trace.
    const RandomBits not_zero = [&] { return random() | 1U; };
    ids.traceparent = "00-" + RandomHex(not_zero, 16) + '-' + RandomHex(not_zero, 8) + "-00";
  }
  return ids;
}

}  // namespace papertape::gateway
