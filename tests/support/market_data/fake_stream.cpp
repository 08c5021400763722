#include "tests/support/market_data/fake_stream.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <mutex>
#include <optional>

namespace papertape::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

template <class Next>
class PeerOver final : public StreamPeer {
 public:
  template <class... Args>
  explicit PeerOver(Args&&... args) : stream_(std::forward<Args>(args)...) {}
  Next& next() { return stream_.next_layer(); }

  // The request of the handshake; false when none came.
  bool ReadHandshake() {
    error_code error;
    http::read(stream_.next_layer(), buffer_, request_, error);
    return !error;
  }
  [[nodiscard]] std::string target() const override { return std::string(request_.target()); }
  void Accept() override {
    error_code error;
    stream_.accept(request_, error);
  }
  void Answer(int status) override {
    http::response<http::string_body> response(static_cast<http::status>(status), request_.version(), "no");
    response.prepare_payload();
    error_code error;
    http::write(stream_.next_layer(), response, error);
  }
  bool Read(std::string& text) override {
    error_code error;
    beast::flat_buffer frame;
    stream_.read(frame, error);
    text = beast::buffers_to_string(frame.data());
    return !error;
  }
  void Send(const std::string& text) override {
    error_code error;
    stream_.text(true);
    stream_.write(asio::buffer(text), error);
  }
  void SendHalfAFrame() override {
    error_code error;
    const std::string bytes("\x81\x64{\"t", 5);
    asio::write(stream_.next_layer(), asio::buffer(bytes), error);
  }
  bool PingPong() override {
    bool pong = false;
    stream_.control_callback([&pong](beast::websocket::frame_type kind, beast::string_view) {
      pong = pong || kind == beast::websocket::frame_type::pong;
    });
    error_code error;
    stream_.ping({}, error);
    // The pong is seen while a frame is read.
    std::string text;
    while (!error && !pong && Read(text)) {
    }
    return pong;
  }

 private:
  beast::websocket::stream<Next> stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
};

}  // namespace

struct FakeStream::Sockets {
  asio::io_context io;
  Tcp::acceptor acceptor{io, Tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};
  std::optional<asio::ssl::context> tls;
  std::mutex mutex;
  int open = -1;  // the connection at hand
};

FakeStream::FakeStream(std::vector<Part> parts, const Certificate* certificate)
    : parts_(std::move(parts)), sockets_(std::make_unique<Sockets>()) {
  if (certificate != nullptr) {
    sockets_->tls.emplace(asio::ssl::context::tls_server);
    SSL_CTX_use_certificate(sockets_->tls->native_handle(), certificate->certificate());
    SSL_CTX_use_PrivateKey(sockets_->tls->native_handle(), certificate->key());
  }
  thread_ = std::thread([this] { Serve(); });
}

FakeStream::~FakeStream() {
  stopping_ = true;
  {
    const std::lock_guard lock(sockets_->mutex);
    ::shutdown(sockets_->acceptor.native_handle(), SHUT_RDWR);
    if (sockets_->open >= 0) ::shutdown(sockets_->open, SHUT_RDWR);
  }
  thread_.join();
}

std::string FakeStream::port() const { return std::to_string(sockets_->acceptor.local_endpoint().port()); }

void FakeStream::Serve() {
  while (!stopping_) {
    error_code error;
    Tcp::socket socket = sockets_->acceptor.accept(error);
    if (error) return;
    const auto number = static_cast<std::size_t>(connections_.fetch_add(1));
    const Part& part = parts_[std::min(number, parts_.size() - 1)];
    {
      const std::lock_guard lock(sockets_->mutex);
      sockets_->open = socket.native_handle();
      if (stopping_) return;
    }
    if (sockets_->tls) {
      PeerOver<beast::ssl_stream<Tcp::socket>> peer(std::move(socket), *sockets_->tls);
      peer.next().handshake(asio::ssl::stream_base::server, error);
      if (!error && peer.ReadHandshake()) part(peer);
      const std::lock_guard lock(sockets_->mutex);
      sockets_->open = -1;
    } else {
      PeerOver<Tcp::socket> peer(std::move(socket));
      if (peer.ReadHandshake()) part(peer);
      const std::lock_guard lock(sockets_->mutex);
      sockets_->open = -1;
    }
  }
}

}  // namespace papertape::testing
