// WebSocket's frames (RFC 6455), the server's side. Beast has them too, but writes each by itself; here frames are
// bytes that join into one write and are shared between receivers, which is where fan-out is won. No extensions.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace papertape::gateway {

enum class WsOpcode : std::uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

// Why a connection ends; 4000 and up are ours.
enum class WsCloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kInvalidText = 1007,
  kPolicy = 1008,
  kTooBig = 1009,
  kTryAgain = 1013,
  kUnauthenticated = 4401,
  kForbidden = 4403,
  kTooSlow = 4408,
};

// Appends one unmasked, unfragmented frame.
void AppendFrame(WsOpcode opcode, std::string_view payload, std::string& out);
void AppendCloseFrame(WsCloseCode code, std::string_view reason, std::string& out);
// Whether a peer may send this code.
bool IsCloseCode(std::uint16_t code);

// What a client said, as it becomes whole.
class WsSink {
 public:
  virtual ~WsSink() = default;
  virtual void OnText(std::string_view text) = 0;  // valid UTF-8
  virtual void OnPing(std::string_view payload) = 0;
  virtual void OnPong() = 0;
  virtual void OnClose() = 0;  // nothing follows
  // The client broke the protocol, or sent what is not taken here (binary messages, too long ones). Nothing follows.
  virtual void OnViolation(WsCloseCode code, std::string_view why) = 0;
};

// Reads a client's frames from any pieces. Messages may be fragmented, with control frames in between.
class WsFrameReader {
 public:
  explicit WsFrameReader(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}
  void Feed(std::string_view bytes, WsSink& sink);

 private:
  struct Head {
    bool final = false;
    WsOpcode opcode = WsOpcode::kText;
    std::uint64_t length = 0;
    std::size_t bytes = 0;  // of the head itself
    const char* mask = nullptr;
  };
  // Reads the head at the start of `in`; false when more is needed or it is wrong.
  bool ReadHead(std::string_view in, Head& head, WsSink& sink);
  void Take(const Head& head, const std::string& payload, WsSink& sink);
  void TakeControl(WsOpcode opcode, const std::string& payload, WsSink& sink);
  void Violate(WsCloseCode code, std::string_view why, WsSink& sink);

  const std::size_t max_message_bytes_;
  std::string held_;
  std::string message_;
  bool in_message_ = false;
  bool ended_ = false;
};

}  // namespace papertape::gateway
