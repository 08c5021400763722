// One WebSocket connection after its handshake. Text goes out in order; everything that gathers while a write is under
// way leaves in the next one. Beside the queue, which is bounded (a reader too slow for it is closed), the handler may
// fill in at each write what only counts when fresh. Pings keep the line open and find dead peers. Lives on one I/O
// thread; every member is for that thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/connection_slot.h"
#include "gateway/io_thread.h"
#include "gateway/wire.h"
#include "gateway/ws_frames.h"

namespace papertape::gateway {

struct WsLimits {
  std::size_t message_bytes = 65'536;  // longest message of a client
  std::size_t queued_bytes = 1 << 20;  // that may wait for a slow reader
  std::chrono::milliseconds ping_every{30'000};
  std::chrono::milliseconds close_timeout{5'000};  // for the client to say goodbye, and to read at all
};

class WsSession;

// What talks to the client. Owned by the session and destroyed with it, never within a call of its own.
class WsHandler {
 public:
  virtual ~WsHandler() = default;
  virtual void OnText(std::string_view text) = 0;
  // Appends whole frames to what is about to be written.
  virtual void Fill(std::string& out) = 0;
  // The connection is ending; nothing may be sent any more.
  virtual void OnEnd() = 0;
};

class WsSession final : public Connection, private WsSink, public std::enable_shared_from_this<WsSession> {
 public:
  WsSession(Wire wire, ConnectionSlot slot, IoThread& thread, const WsLimits& limits);
  ~WsSession() override;

  // `unsent` is written first (the handshake's answer), `received` came already.
  void Start(std::unique_ptr<WsHandler> handler, std::string unsent, std::string_view received);
  // Queues one text message and writes as soon as the socket takes it.
  void Send(std::string_view text);
  // Writes what the handler fills in, now or when the write under way is done.
  void Flush();
  // Says why, then ends. Nothing is sent after it.
  void Close(WsCloseCode code, std::string_view reason);
  IoThread& thread() { return thread_; }

  void Sweep(Instant now) override;
  void Drain() override { Close(WsCloseCode::kGoingAway, "the server is restarting"); }
  void Abort() override;

 private:
  enum class Phase { kOpen, kClosing, kEnded };
  void WaitReadable();
  void OnReadable();
  void Write();
  void WaitWritable();
  void OnWritable();
  void EndHandler();

  void OnText(std::string_view text) override;
  void OnPing(std::string_view payload) override;
  void OnPong() override {}
  void OnClose() override;
  void OnViolation(WsCloseCode code, std::string_view why) override { Close(code, why); }

  Wire wire_;
  std::optional<ConnectionSlot> slot_;  // until the socket is closed
  IoThread& thread_;
  const WsLimits& limits_;
  std::unique_ptr<WsHandler> handler_;
  WsFrameReader reader_;
  Phase phase_ = Phase::kOpen;
  bool writing_ = false;
  bool peer_closed_ = false;
  bool handler_ended_ = false;
  Instant heard_at_;
  Instant pinged_at_;
  Instant deadline_ = Instant::max();  // of a write under way, or of the goodbye
  std::string queue_;                  // frames not yet written
  std::string unsent_;                 // the part that is being written
  std::size_t sent_ = 0;               // of that
};

}  // namespace papertape::gateway
