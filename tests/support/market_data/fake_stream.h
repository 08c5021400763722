// A WebSocket server on a free port of this machine. Each connection plays the next part of what it is told, the last
// part for ever. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http/certificate.h"

namespace papertape::testing {

// One connection, as the server sees it. What fails because the client has gone is passed over.
class StreamPeer {
 public:
  virtual ~StreamPeer() = default;
  // What was asked for: "/?token=...". Empty where no handshake came.
  [[nodiscard]] virtual std::string target() const = 0;
  // Shakes hands, or answers the handshake with a status and no WebSocket.
  virtual void Accept() = 0;
  virtual void Answer(int status) = 0;
  // The next text frame; false when the connection has ended.
  virtual bool Read(std::string& text) = 0;
  virtual void Send(const std::string& text) = 0;
  // The head of a frame of a hundred bytes and three of them.
  virtual void SendHalfAFrame() = 0;
  // A ping of the protocol; whether the pong came back.
  virtual bool PingPong() = 0;
};

class FakeStream {
 public:
  using Part = std::function<void(StreamPeer&)>;  // the connection ends when it returns

  explicit FakeStream(std::vector<Part> parts, const Certificate* certificate = nullptr);
  ~FakeStream();  // ends the connection at hand
  FakeStream(const FakeStream&) = delete;
  FakeStream& operator=(const FakeStream&) = delete;

  [[nodiscard]] std::string port() const;
  [[nodiscard]] int connections() const { return connections_.load(); }

 private:
  struct Sockets;
  void Serve();

  const std::vector<Part> parts_;
  std::unique_ptr<Sockets> sockets_;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace papertape::testing
