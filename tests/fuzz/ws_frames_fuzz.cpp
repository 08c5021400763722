// Whatever a WebSocket client sends: however it is cut into pieces, the reader says the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/ws_frames.h"
#include "libs/json/json_text.h"

namespace {

using namespace papertape::gateway;

class Log : public WsSink {
 public:
  void OnText(std::string_view text) override {
    if (!papertape::json::IsUtf8(text) || text.size() > 1'000) std::abort();
    Note("text", text);
  }
  void OnPing(std::string_view payload) override { Note("ping", payload); }
  void OnPong() override { Note("pong", ""); }
  void OnClose() override { End("close"); }
  void OnViolation(WsCloseCode code, std::string_view) override { End(std::to_string(static_cast<int>(code))); }
  std::string lines;

 private:
  void Note(std::string_view what, std::string_view detail) {
    if (ended_) std::abort();
    lines.append(what).append(" ").append(detail).append("\n");
  }
  void End(std::string_view what) {
    Note(what, "");
    ended_ = true;
  }
  bool ended_ = false;
};

std::string Read(std::string_view bytes, std::size_t piece) {
  Log log;
  WsFrameReader reader(1'000);
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.Feed(bytes.substr(at, piece), log);
  return log.lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = Read(bytes, size + 1);
  if (Read(bytes, 1) != whole || Read(bytes, 5) != whole) std::abort();
  return 0;
}
