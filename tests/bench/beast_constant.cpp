// The bound of the edge: a bare Boost.Beast server that answers every GET with one constant, and nothing else: no
// routes, no ids, no limits. An io_context for each thread, as in the gateway.
// usage: papertape-bench-beast PORT THREADS BODY
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace papertape::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Error = boost::beast::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const http::response<http::string_body>& answer)
      : socket_(std::move(socket)), answer_(answer) {}

  void Read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_, [self = shared_from_this()](const Error& error, std::size_t) {
      if (!error) self->Write();
    });
  }

 private:
  void Write() {
    http::async_write(socket_, answer_, [self = shared_from_this()](const Error& error, std::size_t) {
      if (!error) self->Read();
    });
  }

  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  http::request<http::empty_body> request_;
  const http::response<http::string_body>& answer_;
};

// The kernel spreads connections over the threads' listening sockets.
tcp::acceptor Listen(asio::io_context& context, unsigned short port) {
  tcp::acceptor acceptor(context);
  const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), port);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true));
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(endpoint);
  acceptor.listen(4'096);
  return acceptor;
}

void Accept(tcp::acceptor& acceptor, const http::response<http::string_body>& answer) {
  acceptor.async_accept([&](const Error& error, tcp::socket socket) {
    if (error) return;
    socket.set_option(tcp::no_delay(true));
    std::make_shared<Session>(std::move(socket), answer)->Read();
    Accept(acceptor, answer);
  });
}

void Serve(unsigned short port, int threads, const std::string& body) {
  http::response<http::string_body> answer(http::status::ok, 11);
  answer.set(http::field::content_type, "application/json");
  answer.body() = body;
  answer.keep_alive(true);
  answer.prepare_payload();
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      asio::io_context context(1);
      tcp::acceptor acceptor = Listen(context, port);
      Accept(acceptor, answer);
      context.run();
    });
  }
  for (std::thread& thread : running) thread.join();
}

}  // namespace
}  // namespace papertape::bench

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  papertape::bench::Serve(static_cast<unsigned short>(std::atoi(argv[1])), std::atoi(argv[2]), argv[3]);
}
