#include "gateway/ws_handshake.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "libs/json/json_text.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

// One of the words between commas, in any case.
bool HasToken(std::string_view list, std::string_view lower_case) {
  std::string lower(list);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string_view rest = lower;
  while (!rest.empty()) {
    std::string_view word = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    if (word == lower_case) return true;
  }
  return false;
}

}  // namespace

absl::Status CheckHandshake(const HttpRequest& request) {
  const auto refuse = [](std::string_view why) {
    return Error(Reason::kMALFORMED_REQUEST, "This route speaks WebSocket: " + std::string(why));
  };
  if (request.verb() != "GET") return refuse("the verb must be GET.");
  if (!HasToken(request.Header(HeaderName::connection), "upgrade") ||
      !HasToken(request.Header(HeaderName::upgrade), "websocket")) {
    return refuse("send `Connection: Upgrade` and `Upgrade: websocket`.");
  }
  if (request.Header(HeaderName::sec_websocket_version) != "13") return refuse("`Sec-WebSocket-Version` must be 13.");
  const std::string_view key = request.Header(HeaderName::sec_websocket_key);
  const auto bytes = json::ParseBase64(key);
  if (key.size() != 24 || !bytes || bytes->size() != 16) return refuse("`Sec-WebSocket-Key` must be 16 bytes.");
  return absl::OkStatus();
}

std::string AcceptKey(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string accept;
  json::AppendBase64({reinterpret_cast<const char*>(digest.data()), digest.size()}, accept);
  return accept;
}

std::string AcceptHandshake(std::string_view key, std::string_view request_id) {
  std::string out = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  out.append("Sec-WebSocket-Accept: ").append(AcceptKey(key));
  out.append("\r\nX-Request-Id: ").append(request_id).append("\r\n\r\n");
  return out;
}

}  // namespace papertape::gateway
