#include "gateway/ws_frames.h"

#include <vector>

#include "tests/support/catch.h"

namespace papertape::gateway {
namespace {

// What the reader said, one line an event.
class Log : public WsSink {
 public:
  void OnText(std::string_view text) override { lines.emplace_back("text " + std::string(text)); }
  void OnPing(std::string_view payload) override { lines.emplace_back("ping " + std::string(payload)); }
  void OnPong() override { lines.emplace_back("pong"); }
  void OnClose() override { lines.emplace_back("close"); }
  void OnViolation(WsCloseCode code, std::string_view) override {
    lines.push_back("violation " + std::to_string(static_cast<int>(code)));
  }
  std::vector<std::string> lines;
};

// A client's frame, masked.
std::string Masked(unsigned first_byte, std::string_view payload) {
  const std::string mask = "\x12\x34\x56\x78";
  std::string frame(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80U | payload.size());
  } else {
    frame += static_cast<char>(0xFE);
    frame += static_cast<char>(payload.size() >> 8U);
    frame += static_cast<char>(payload.size() & 0xFFU);
  }
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

TEST_CASE("messages become whole from any pieces, control frames in between") {
  const std::string bytes = Masked(0x81, "one") + Masked(0x01, "t\xC3") + Masked(0x89, "p") + Masked(0x00, "\xA9") +
                            Masked(0x8A, "") + Masked(0x80, "!") + Masked(0x81, std::string(300, 'x')) +
                            Masked(0x88, std::string("\x03\xE8", 2) + "bye") + Masked(0x81, "never");
  const std::vector<std::string> expected{
      "text one", "ping p", "pong", "text t\xC3\xA9!", "text " + std::string(300, 'x'), "close"};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    Log log;
    WsFrameReader reader(1'000);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      reader.Feed(std::string_view(bytes).substr(at, piece), log);
    CAPTURE(piece);
    CHECK(log.lines == expected);
  }
}

TEST_CASE("a message over the limit is a violation, in one frame or in many, and nothing follows") {
  Log log;
  WsFrameReader reader(10);
  reader.Feed(Masked(0x01, "12345") + Masked(0x00, "67890") + Masked(0x80, "1") + Masked(0x81, "never"), log);
  CHECK(log.lines == std::vector<std::string>{"violation 1009"});
}

TEST_CASE("frames of every length have the head that the standard gives them") {
  const auto head = [](std::size_t size) {
    std::string out;
    AppendFrame(WsOpcode::kText, std::string(size, 'x'), out);
    return out.substr(0, out.size() - size);
  };
  CHECK(head(0) == std::string("\x81\x00", 2));
  CHECK(head(125) == std::string("\x81\x7D", 2));
  CHECK(head(126) == std::string("\x81\x7E\x00\x7E", 4));
  CHECK(head(65'535) == std::string("\x81\x7E\xFF\xFF", 4));
  CHECK(head(65'536) == std::string("\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST_CASE("close codes are those that a peer may send") {
  for (const int good : {1000, 1001, 1003, 1007, 1011, 3000, 4999})
    CHECK(IsCloseCode(static_cast<std::uint16_t>(good)));
  for (const int bad : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
    CHECK_FALSE(IsCloseCode(static_cast<std::uint16_t>(bad)));
  }
}

}  // namespace
}  // namespace papertape::gateway
