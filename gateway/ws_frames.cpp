#include "gateway/ws_frames.h"

#include <utility>

#include "libs/json/json_text.h"

namespace papertape::gateway {
namespace {

constexpr std::size_t kMaxControlBytes = 125;

std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = (number << 8U) | static_cast<unsigned char>(c);
  return number;
}

void AppendBigEndian(std::uint64_t number, unsigned bytes, std::string& out) {
  for (unsigned i = bytes; i-- > 0;) out += static_cast<char>((number >> (8 * i)) & 0xFFU);
}

bool IsControl(WsOpcode opcode) { return static_cast<unsigned>(opcode) >= 8; }

}  // namespace

void AppendFrame(WsOpcode opcode, std::string_view payload, std::string& out) {
  out += static_cast<char>(0x80U | static_cast<unsigned>(opcode));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else if (payload.size() < 65'536) {
    out += static_cast<char>(126);
    AppendBigEndian(payload.size(), 2, out);
  } else {
    out += static_cast<char>(127);
    AppendBigEndian(payload.size(), 8, out);
  }
  out += payload;
}

void AppendCloseFrame(WsCloseCode code, std::string_view reason, std::string& out) {
  std::string payload;
  AppendBigEndian(static_cast<std::uint16_t>(code), 2, payload);
  payload += reason.substr(0, kMaxControlBytes - 2);
  AppendFrame(WsOpcode::kClose, payload, out);
}

bool IsCloseCode(std::uint16_t code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

void WsFrameReader::Violate(WsCloseCode code, std::string_view why, WsSink& sink) {
  ended_ = true;
  sink.OnViolation(code, why);
}

void WsFrameReader::Feed(std::string_view bytes, WsSink& sink) {
  std::string both;
  std::string_view in = bytes;
  if (!held_.empty()) {
    both = std::exchange(held_, {});
    both.append(bytes);
    in = both;
  }
  Head head;
  while (!ended_ && ReadHead(in, head, sink) && in.size() - head.bytes >= head.length) {
    std::string payload(in.substr(head.bytes, head.length));
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ head.mask[i % 4]);
    in.remove_prefix(head.bytes + head.length);
    Take(head, payload, sink);
  }
  if (!ended_) held_.assign(in);
}

bool WsFrameReader::ReadHead(std::string_view in, Head& head, WsSink& sink) {
  if (in.size() < 2) return false;
  const auto first = static_cast<unsigned char>(in[0]);
  const auto second = static_cast<unsigned char>(in[1]);
  head.final = (first & 0x80U) != 0;
  head.opcode = static_cast<WsOpcode>(first & 0x0FU);
  const unsigned opcode = first & 0x0FU;
  const unsigned short_length = second & 0x7FU;
  const auto wrong = [&](std::string_view why) {
    Violate(WsCloseCode::kProtocolError, why, sink);
    return false;
  };
  if ((first & 0x70U) != 0) return wrong("reserved bits are set");
  if ((opcode > 2 && opcode < 8) || opcode > 10) return wrong("the opcode is unknown");
  if ((second & 0x80U) == 0) return wrong("a client's frame must be masked");
  if (IsControl(head.opcode) && (!head.final || short_length > kMaxControlBytes)) {
    return wrong("a control frame must be short and whole");
  }
  if (!IsControl(head.opcode) && (head.opcode == WsOpcode::kContinuation) != in_message_) {
    return wrong("a continuation must continue a message, and nothing else may");
  }
  if (head.opcode == WsOpcode::kBinary) {
    Violate(WsCloseCode::kUnsupportedData, "messages are text here", sink);
    return false;
  }
  const std::size_t length_bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  head.bytes = 2 + length_bytes + 4;
  if (in.size() < head.bytes) return false;
  head.length = length_bytes == 0 ? short_length : BigEndian(in.substr(2, length_bytes));
  head.mask = in.data() + 2 + length_bytes;
  if (!IsControl(head.opcode) && head.length > max_message_bytes_ - message_.size()) {
    Violate(WsCloseCode::kTooBig, "the message is too long", sink);
    return false;
  }
  return true;
}

void WsFrameReader::Take(const Head& head, const std::string& payload, WsSink& sink) {
  if (IsControl(head.opcode)) return TakeControl(head.opcode, payload, sink);
  message_.append(payload);
  in_message_ = !head.final;
  if (in_message_) return;
  const std::string message = std::exchange(message_, {});
  if (!json::IsUtf8(message)) return Violate(WsCloseCode::kInvalidText, "the text is not UTF-8", sink);
  sink.OnText(message);
}

void WsFrameReader::TakeControl(WsOpcode opcode, const std::string& payload, WsSink& sink) {
  if (opcode == WsOpcode::kPing) return sink.OnPing(payload);
  if (opcode == WsOpcode::kPong) return sink.OnPong();
  const bool well_formed =
      payload.empty() || (payload.size() >= 2 && json::IsUtf8(std::string_view(payload).substr(2)) &&
                          IsCloseCode(static_cast<std::uint16_t>(BigEndian(std::string_view(payload).substr(0, 2)))));
  if (!well_formed) return Violate(WsCloseCode::kProtocolError, "the close frame is malformed", sink);
  ended_ = true;
  sink.OnClose();
}

}  // namespace papertape::gateway
