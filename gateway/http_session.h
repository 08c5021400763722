// One HTTP/1.1 connection: reads requests one after another (pipelined ones wait their turn), has each answered by the
// handler, writes the answers in order. Beside the record of the last request it holds no buffer while it rests, so an
// idle connection costs little. A request's head and body together must arrive within the receive timeout, as must all
// of a TLS handshake, so that a client which sends a byte a second costs a socket for that long and nothing else; a
// body larger than usual gets as much longer as it takes at 64 KiB a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/connection_slot.h"
#include "gateway/http_request.h"
#include "gateway/http_response.h"
#include "gateway/io_thread.h"
#include "gateway/wire.h"

namespace papertape::gateway {

struct HttpLimits {
  std::size_t head_bytes = 16'384;
  std::uint64_t body_bytes = 1'048'576;
  std::chrono::milliseconds receive_timeout{10'000};  // for a request's head and body, and for the client to read
  std::chrono::milliseconds idle_timeout{60'000};
};

class HttpSession;

// What a request may bring beyond the usual limit.
struct LargeBody {
  std::uint64_t bytes = 0;            // 0: no more than usual
  std::shared_ptr<const void> place;  // kept until the request is answered
};

// What answers requests.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // On the connection's thread. Calls Respond or Upgrade on the session, once, from any thread. `request` stays as it
  // is until then.
  virtual void Handle(const HttpRequest& request, const std::shared_ptr<HttpSession>& session) = 0;
  // How large a body may be that is larger than the usual limit, once its head is there; called once, on the
  // connection's thread. An error refuses the request.
  virtual absl::StatusOr<LargeBody> AdmitBody(const HttpRequest&) { return LargeBody{}; }
  // The answer to a request that could not be read to its end.
  virtual HttpResponse Refuse(const absl::Status& why, const HttpRequest& request, IoThread& thread) = 0;
};

class HttpSession final : public Connection, public std::enable_shared_from_this<HttpSession> {
 public:
  // Takes the connection over, with what was received after the request and what is still to be sent.
  using TakeOver = std::function<void(Wire wire, ConnectionSlot slot, std::string received, std::string unsent)>;

  HttpSession(Wire wire, ConnectionSlot slot, IoThread& thread, const HttpLimits& limits, HttpHandler& handler);
  ~HttpSession() override;

  // On the connection's thread.
  void Start();

  // Any thread.
  void Respond(HttpResponse response);
  void Upgrade(TakeOver take_over);
  [[nodiscard]] const boost::asio::ip::address& client() const { return client_; }
  IoThread& thread() { return thread_; }

  void Sweep(Instant now) override;
  void Drain() override;
  void Abort() override;

 private:
  enum class Phase {
    kShaking,    // TLS is agreed on
    kIdle,       // nothing of a next request has come
    kReceiving,  // part of a request has come
    kAnswering,  // the handler has it
    kLingering,  // refused; what the client still sends is thrown away, lest it miss the answer
    kClosed,
  };
  void ShakeHands();
  void WaitReadable();
  void OnReadable();
  // Parses what is held and what is fresh, as far as answers can be given at once, then writes.
  void Advance(std::string_view fresh);
  bool ParseSome(std::string_view& in);
  void Dispatch();
  void Answer(const HttpResponse& response);
  std::uint64_t RaiseBodyLimit();
  void RefuseParse(const boost::beast::error_code& error);
  void RefuseAndClose(const absl::Status& why);
  void Flush();
  void WriteRest(std::size_t sent);
  void WaitWritable();
  void OnWritable();
  void AfterFlush();
  void Linger();
  void HandOver(std::string received);
  void Enter(Phase phase);

  Wire wire_;
  std::optional<ConnectionSlot> slot_;  // until it is closed or handed over
  IoThread& thread_;
  const HttpLimits& limits_;
  HttpHandler& handler_;
  boost::asio::ip::address client_;
  Phase phase_ = Phase::kIdle;
  Instant deadline_;
  Instant write_deadline_ = Instant::max();
  bool dispatching_ = false;  // inside HttpHandler::Handle
  bool close_after_write_ = false;
  bool writing_ = false;
  bool waiting_ = false;
  std::uint64_t discarded_ = 0;
  HttpRequest request_;
  std::optional<HttpParser> parser_;
  std::shared_ptr<const void> place_;  // of a large body
  absl::Status refusal_;               // of a large body
  std::optional<HttpResponse> ready_;  // given while dispatching
  TakeOver take_over_;
  std::string held_;      // received, not yet parsed
  std::string out_;       // answers not yet written
  std::string unsent_;    // the part that is being written
  std::size_t sent_ = 0;  // of that
};

}  // namespace papertape::gateway
